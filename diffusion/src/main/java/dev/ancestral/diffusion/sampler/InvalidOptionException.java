package dev.ancestral.diffusion.sampler;

/** A sampler's setting that cannot be: its message is {@code field: problem}. */
public final class InvalidOptionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String problem;

  /**
   * The refusal of one setting.
   *
   * @param field which, in the words of {@link SamplerOption#name()}, or {@code steps}, {@code
   *     sampler}, {@code clip}, {@code guidance_weight} or {@code guidance_rescale}
   * @param problem what was given, and what is expected
   */
  public InvalidOptionException(String field, String problem) {
    super(field + ": " + problem);
    this.field = field;
    this.problem = problem;
  }

  /** The name of the setting. */
  public String field() {
    return field;
  }

  /** What was given, and what is expected. */
  public String problem() {
    return problem;
  }
}
