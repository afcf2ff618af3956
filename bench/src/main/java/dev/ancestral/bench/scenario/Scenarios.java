package dev.ancestral.bench.scenario;

import dev.ancestral.diffusion.Names;
import java.util.List;

/** The list of scenarios: a new one is one file and one line here. */
public final class Scenarios {
  private static final List<Scenario> ALL =
      List.of(
          new StartUp(),
          new BareNetwork(),
          new OneAlone(),
          new ManyClients(),
          new FittedCalls(),
          new MixedLoad("mixed-70", 0.70),
          new MixedLoad("mixed-95", 0.95),
          new EveryFrame(),
          new StalledReader(),
          new CancelStorm(),
          new TwoModels(),
          new Kernels(),
          new Training());

  private Scenarios() {}

  /** All of them, in the order in which they run. */
  public static List<Scenario> all() {
    return ALL;
  }

  /**
   * The scenario of this name.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Scenario of(String name) {
    return ALL.stream()
        .filter(scenario -> scenario.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Names.unknown("scenario", name, ALL.stream().map(Scenario::name).toList()));
  }
}
