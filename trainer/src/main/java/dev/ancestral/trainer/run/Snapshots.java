package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.average.PostHoc;
import dev.ancestral.trainer.average.PowerFunction;
import dev.ancestral.trainer.config.Average;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Snapshots of power-function averages, {@code averages/NNNNNN.safetensors}: each tensor of each
 * average as {@code AVERAGE/NAME}. They stay, since an average of another width is a sum of all of
 * them; but those of iterations that were undone are deleted.
 */
final class Snapshots {
  private static final String PATTERN = "\\d{6,}\\.safetensors";

  /** Above this share of the wanted weighting that is not met, somebody should hear of it. */
  private static final double WORTH_SAYING = 0.05;

  private final Path directory;

  Snapshots(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes the averages after an iteration.
   *
   * @param averages each by its kind, flat
   * @param shapes names and shapes in their order
   */
  void save(int iteration, Map<Average.Power, float[]> averages, Map<String, Shape> shapes)
      throws IOException {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    averages.forEach(
        (average, flat) ->
            tensors.addAll(CheckpointFile.tensors(prefix(average.name()), shapes, flat)));
    Safetensors.write(
        directory.resolve("%06d.safetensors".formatted(iteration)),
        Map.of("iteration", Integer.toString(iteration)),
        tensors);
  }

  private static String prefix(String average) {
    return average + "/";
  }

  /**
   * The average of any width, from what was kept.
   *
   * @param wanted its width
   * @param kept the averages of which there are snapshots
   * @param checkpoint after which it is wanted; its own averages count as snapshots
   * @param warn is told of damaged snapshots that are left out, and of a weighting that is far from
   *     what was wanted
   * @throws UserError if no such averages were kept
   */
  float[] reconstruct(
      PowerFunction wanted,
      List<Average.Power> kept,
      Checkpoint checkpoint,
      Map<String, Shape> shapes,
      Consumer<String> warn)
      throws IOException {
    if (kept.isEmpty()) {
      throw new UserError(
          "--ema: %s%s (expected: a run that kept power-function averages, by ema.sigma_rel=0.05,0.1)"
              .formatted(Average.Power.PREFIX, wanted.sigmaRel()));
    }
    int iteration = checkpoint.state().iteration();
    if (iteration < 1) {
      throw new UserError(
          "--ema: %s%s of iteration %d (expected: a checkpoint after at least 1 iteration)"
              .formatted(Average.Power.PREFIX, wanted.sigmaRel(), iteration));
    }
    List<Path> files = new ArrayList<>();
    List<PostHoc.Profile> profiles = new ArrayList<>();
    for (Path file : before(iteration)) {
      try {
        // Read twice, here and for the sum, so that they need not all be held at once.
        Safetensors.read(file);
        files.add(file);
        kept.forEach(
            average -> profiles.add(new PostHoc.Profile(average.window(), iteration(file))));
      } catch (IOException e) {
        warn.accept(e.getMessage() + "; the average is made without it");
      }
    }
    kept.forEach(average -> profiles.add(new PostHoc.Profile(average.window(), iteration)));
    PostHoc solved = PostHoc.of(profiles, new PostHoc.Profile(wanted, iteration));
    if (solved.error() > WORTH_SAYING) {
      warn.accept(
          String.format(
              Locale.ROOT,
              "--ema %s%s: %.0f %% of its weighting is not met by the %d snapshots of this run; a smaller"
                  + " ema.snapshot_every or a width nearer to those kept is nearer",
              Average.Power.PREFIX,
              wanted.sigmaRel(),
              100 * solved.error(),
              profiles.size()));
    }
    return sum(files, kept, checkpoint, shapes, solved.shares());
  }

  private static float[] sum(
      List<Path> files,
      List<Average.Power> kept,
      Checkpoint checkpoint,
      Map<String, Shape> shapes,
      double[] shares)
      throws IOException {
    double[] sums =
        new double[Math.toIntExact(shapes.values().stream().mapToLong(Shape::size).sum())];
    int next = 0;
    for (Path file : files) {
      Safetensors.Content content = Safetensors.read(file);
      for (Average.Power average : kept) {
        add(
            sums,
            shares[next++],
            CheckpointFile.flat(file, content, prefix(average.name()), shapes));
      }
    }
    for (Average.Power average : kept) {
      add(sums, shares[next++], checkpoint.average(average.name()));
    }
    float[] rounded = new float[sums.length];
    for (int k = 0; k < sums.length; k++) {
      rounded[k] = (float) sums[k];
    }
    return rounded;
  }

  private static void add(double[] sums, double share, float[] flat) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += share * flat[k];
    }
  }

  private static int iteration(Path file) {
    return Integer.parseInt(String.valueOf(file.getFileName()).replaceAll("\\D", ""));
  }

  /** Deletes those of later iterations: a training goes on from this one, which undoes them. */
  void forgetAfter(int iteration) throws IOException {
    for (Path undone : byIteration().tailMap(iteration, false).values()) {
      Files.delete(undone);
    }
  }

  /** The files of iterations before this one, oldest first. */
  private Iterable<Path> before(int iteration) throws IOException {
    return byIteration().headMap(iteration, false).values();
  }

  private NavigableMap<Integer, Path> byIteration() throws IOException {
    NavigableMap<Integer, Path> ordered = new TreeMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .filter(file -> String.valueOf(file.getFileName()).matches(PATTERN))
            .forEach(file -> ordered.put(iteration(file), file));
      }
    }
    return ordered;
  }
}
