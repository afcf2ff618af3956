package dev.ancestral.trainer.calls;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code evaluate --calls} takes besides what {@code evaluate} always takes. */
public final class CallsOptions {
  private static final String TEACHER = "ddim:100";
  private static final int COUNT = 1000;

  @Option(
      names = "--calls",
      split = ",",
      paramLabel = "N",
      description =
          "Measure quality against calls: samples of every sampler with so many steps, such as 2,3,4,5,8,10, beside"
              + " a teacher's and beside real data.")
  private List<Integer> calls = List.of();

  @Option(
      names = "--bundle",
      paramLabel = "BUNDLE",
      description = "With --calls: a bundle of this run, whose fitted tables take part.")
  private @Nullable Path bundle;

  @Option(
      names = "--samplers",
      split = ",",
      paramLabel = "NAME",
      description = "With --calls: the samplers. Default: every one that fits the network.")
  private List<String> samplers = List.of();

  @Option(
      names = "--teacher",
      paramLabel = "NAME:N",
      description =
          "With --calls: the sampler and the steps that the others are held against, without noise (eta 0). Default: "
              + TEACHER
              + ".")
  private @Nullable String teacher;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "With --calls: samples of each. Default: " + COUNT + ".")
  private @Nullable Integer count;

  @Option(
      names = "--guidance",
      paramLabel = "W",
      description = "With --calls: the guidance weight of all. Default: the run's.")
  private @Nullable Double guidance;

  @Option(
      names = "--sheet",
      paramLabel = "FILE.png",
      description = "With --calls: the same seeds by every sampler, a row for each.")
  private @Nullable Path sheet;

  /** Whether {@code --calls} is given. */
  public boolean isAsked() {
    return !calls.isEmpty();
  }

  /** An option that is given and says nothing without {@code --calls}. */
  public Optional<String> given() {
    Map<String, Boolean> all = new LinkedHashMap<>();
    all.put("--bundle", bundle != null);
    all.put("--samplers", !samplers.isEmpty());
    all.put("--teacher", teacher != null);
    all.put("--count", count != null);
    all.put("--guidance", guidance != null);
    all.put("--sheet", sheet != null);
    return all.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).findFirst();
  }

  /**
   * What they ask for.
   *
   * @param seed of all
   * @throws IllegalArgumentException naming the option that cannot be
   */
  public CallsTask task(long seed) {
    return new CallsTask(
        calls,
        samplers,
        CallsTask.Chosen.of(teacher == null ? TEACHER : teacher),
        count == null ? COUNT : count,
        guidance,
        seed);
  }

  /** The bundle; null for none. */
  public @Nullable Path bundle() {
    return bundle;
  }

  /** Where the samples go side by side; null for nowhere. */
  public @Nullable Path sheet() {
    return sheet;
  }
}
