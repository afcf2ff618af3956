package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Weights of another training, by name: the averaged ones of a run's newest checkpoint, or those of
 * a bundle or a directory of diffusers that has them beside its graph.
 *
 * @param source in words
 * @param tensors by name
 * @param classNames in the order of the labels; empty where they are not known
 * @param meaning of the weights, beyond their shapes
 */
record InitialWeights(
    String source,
    Map<String, Safetensors.Tensor> tensors,
    List<String> classNames,
    WeightsMeaning meaning) {
  private static final Path OF_A_BUNDLE = Path.of("unet", "diffusion_pytorch_model.safetensors");

  /**
   * Reads them.
   *
   * @param place a run, a bundle, or a directory of diffusers
   * @param warn is told of damaged files that were passed over
   * @throws UserError if it is none of these, or a bundle that has its weights in its graph alone
   */
  static InitialWeights of(Path place, Consumer<String> warn) throws IOException {
    if (RunDirectory.exists(place)) {
      return ofRun(RunDirectory.open(place), warn);
    }
    Path file = place.resolve(OF_A_BUNDLE);
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "--init: %s holds no weights by name (expected: a run, or the bundle of a unet, which has %s)"
              .formatted(place, OF_A_BUNDLE));
    }
    Safetensors.Content content = Safetensors.readOfOthers(file);
    // Another program's directory has no classes by name, and need not have a graph.
    boolean isOurs = BundleFormat.isBundle(place) && !BundleFormat.isForeign(place);
    Bundle bundle = isOurs ? BundleFormat.read(place) : null;
    return new InitialWeights(
        place.toString(),
        content.tensors(),
        bundle == null ? List.of() : classNames(bundle.conditioning()),
        WeightsMeaning.of(place, bundle == null ? null : bundle.data()));
  }

  private static InitialWeights ofRun(RunDirectory run, Consumer<String> warn) throws IOException {
    TrainingConfig config = run.config();
    Task task = Task.of(config, run.data());
    Map<String, Shape> shapes = task.shapes();
    SelectedWeights selected = SelectedWeights.of(run, config, Selection.DEFAULT, shapes, warn);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    CheckpointFile.tensors("", shapes, selected.flat())
        .forEach(tensor -> tensors.put(tensor.name(), tensor));
    return new InitialWeights(
        "%s, the averaged weights after %d iterations"
            .formatted(run.root(), selected.checkpoint().state().iteration()),
        tensors,
        classNames(task.conditioning()),
        WeightsMeaning.of(task));
  }

  private static List<String> classNames(@Nullable Conditioning conditioning) {
    return conditioning == null ? List.of() : conditioning.classNames();
  }
}
