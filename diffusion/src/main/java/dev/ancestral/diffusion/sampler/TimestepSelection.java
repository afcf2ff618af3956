package dev.ancestral.diffusion.sampler;

/** Which of the T timesteps a chain visits: {@link TimestepSpacing}, or {@link Respacing}. */
public sealed interface TimestepSelection permits TimestepSpacing, Respacing {
  /**
   * The timesteps in the order they are visited, strictly falling.
   *
   * @param timesteps T, at least 1
   * @param steps N
   * @throws InvalidOptionException when the selection has no N of T
   */
  int[] timesteps(int timesteps, int steps);

  /**
   * The timesteps that multistep solvers visit, strictly falling; where the selection reaches
   * timestep 0, they leave it to the last step's end, as DPM-Solver++ of diffusers does.
   *
   * @throws InvalidOptionException when the selection has no such N of T
   */
  default int[] solverTimesteps(int timesteps, int steps) {
    return timesteps(timesteps, steps);
  }

  /** Its name: one of the spacings, or the text of a respacing. */
  String label();

  /**
   * The selection of this name.
   *
   * @throws InvalidOptionException naming it and what is known
   */
  static TimestepSelection of(String label) {
    return Respacing.isRespacing(label) ? Respacing.of(label) : TimestepSpacing.of(label);
  }
}
