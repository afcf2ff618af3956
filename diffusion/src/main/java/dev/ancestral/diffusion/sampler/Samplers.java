package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.Names;
import java.util.List;

/** The registry of samplers: a new one is one file and one line here. */
public final class Samplers {
  private static final List<Sampler> ALL =
      List.of(
          new DdpmSampler(),
          new DdimSampler(),
          new DpmSolverSampler(),
          new ThirdOrderSolverSampler(),
          new UniPcSampler(),
          new DeisSampler(),
          new IpndmSampler(),
          new FastDpmSampler(),
          new EulerSampler(),
          new LangevinSampler(),
          new AnnealedLangevinSampler(),
          new FittedSampler());

  private Samplers() {}

  /** The known names. */
  public static List<String> names() {
    return ALL.stream().map(Sampler::name).toList();
  }

  /** The names of those that need no tables fitted to a network: what training can draw with. */
  public static List<String> handMade() {
    return ALL.stream()
        .filter(sampler -> !(sampler instanceof FittedSampler))
        .map(Sampler::name)
        .toList();
  }

  /** The names of those that fit a model. */
  public static List<String> namesFor(DiffusionModel model) {
    return ALL.stream().filter(sampler -> sampler.fits(model)).map(Sampler::name).toList();
  }

  /**
   * The sampler of this name.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Sampler of(String name) {
    return of(name, names());
  }

  /**
   * The sampler of this name among {@link #handMade()}.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Sampler handMade(String name) {
    return of(name, handMade());
  }

  private static Sampler of(String name, List<String> known) {
    return ALL.stream()
        .filter(sampler -> known.contains(name) && sampler.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Names.unknown("sampler", name, known));
  }
}
