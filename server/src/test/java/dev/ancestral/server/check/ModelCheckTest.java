package dev.ancestral.server.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.check.CheckReport.Comparison;
import dev.ancestral.server.engine.ChainRow;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.Row;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelLocation;
import dev.ancestral.server.repository.OpenModel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCheckTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);
  private static final int ROWS = 8;

  private final Path directory;

  ModelCheckTest(@TempDir Path directory) {
    this.directory = directory.resolve("tiny");
  }

  /** What another device might do: the same network, but each number is changed. */
  private record Changed(Denoiser real, UnaryOperator<Float> change) implements Denoiser {
    @Override
    public List<Long> dataShape() {
      return real.dataShape();
    }

    @Override
    public boolean takesLabels() {
      return real.takesLabels();
    }

    @Override
    public boolean predictsVariance() {
      return real.predictsVariance();
    }

    @Override
    public int maxRows() {
      return real.maxRows();
    }

    @Override
    public void predict(List<? extends Row> rows, float[] predictions) {
      real.predict(rows, predictions);
      for (int i = 0; i < predictions.length; i++) {
        predictions[i] = change.apply(predictions[i]);
      }
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** A chain that takes single steps with a network of its own. */
  private record Stepwise(Denoiser network, DeviceChain real) implements DeviceChain {
    @Override
    public int maxRows() {
      return real.maxRows();
    }

    @Override
    public int maxSteps() {
      return real.maxSteps();
    }

    @Override
    public void run(List<? extends ChainRow> samples, int steps) {
      List<ComparedSample> copies =
          samples.stream().map(sample -> ((ComparedSample) sample).copy()).toList();
      ComparedSample.singleSteps(copies, network, steps);
      for (int i = 0; i < copies.size(); i++) {
        float[] state = copies.get(i).state();
        System.arraycopy(state, 0, samples.get(i).state(), 0, state.length);
        float[] estimate = copies.get(i).estimate();
        System.arraycopy(estimate, 0, samples.get(i).estimate(), 0, estimate.length);
        float[][] history = copies.get(i).history();
        System.arraycopy(history, 0, samples.get(i).history(), 0, history.length);
      }
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** A network that tears neighbours apart, and a chain whose own differs from it by a factor. */
  private List<Comparison> compareChaotic(double factor) throws Exception {
    Bundle bundle = Bundles.POINTS;
    TinyOnnx.bundle(directory, bundle);
    ModelLocation location = ModelLocation.below(directory).get(0);
    UnaryOperator<Float> chaos = value -> (float) Math.sin(300 * value);
    UnaryOperator<Float> other = value -> (float) (factor * Math.sin(300 * value));
    try (OpenModel one = OpenModel.open(location, RUNTIME);
        Denoiser denoiser = one.denoiser(ROWS);
        DeviceChain chain = one.chain(ROWS)) {
      Denoiser chaotic = new Changed(denoiser, chaos);
      DeviceChain changed = new Stepwise(new Changed(denoiser, other), chain);
      return new ModelCheck(bundle, chaotic, chaotic, changed).comparisons(false);
    }
  }

  private List<Comparison> compare(Bundle bundle, UnaryOperator<Float> change) throws Exception {
    TinyOnnx.bundle(directory, bundle);
    ModelLocation location = ModelLocation.below(directory).get(0);
    try (OpenModel one = OpenModel.open(location, RUNTIME);
        OpenModel other = OpenModel.open(location, RUNTIME);
        Denoiser expected = one.denoiser(ROWS);
        Denoiser actual = new Changed(other.denoiser(ROWS), change);
        DeviceChain chain = other.chain(ROWS)) {
      return new ModelCheck(bundle, expected, actual, chain).comparisons(false);
    }
  }

  private static long count(List<Comparison> comparisons, String text) {
    return comparisons.stream().filter(comparison -> comparison.what().contains(text)).count();
  }

  @Test
  void everySamplerThatFitsTheModelIsRunInEveryWay() throws Exception {
    List<Comparison> comparisons = compare(Bundles.DIGITS, UnaryOperator.identity());
    assertTrue(comparisons.stream().allMatch(Comparison::passed), comparisons::toString);
    long samplers = Samplers.namesFor(Bundles.DIGITS.model()).size();
    assertEquals(3, count(comparisons, "prediction"));
    assertEquals(3 + samplers, count(comparisons, "CPU against device"));
    assertEquals(samplers, count(comparisons, "single steps against 8 in a call"));
  }

  @Test
  void aFittedSamplerIsRunWithItsTables() throws Exception {
    List<Comparison> comparisons =
        compare(Bundles.fitted(Bundles.DIGITS, 4), UnaryOperator.identity());
    assertTrue(comparisons.stream().allMatch(Comparison::passed), comparisons::toString);
    assertEquals(1, count(comparisons, "fitted: CPU against device"));
    assertEquals(1, count(comparisons, "fitted: single steps against 2 in a call"));
  }

  @Test
  void whatTakesSingleStepsAloneIsNotComparedWithAChain() throws Exception {
    Bundle learned = Bundles.withVariance(Bundles.UNCONDITIONAL, Variance.LEARNED_RANGE);
    List<Comparison> comparisons = compare(learned, UnaryOperator.identity());
    assertTrue(comparisons.stream().allMatch(Comparison::passed), comparisons::toString);
    assertEquals(1, count(comparisons, "ddpm: CPU against device"));
    assertEquals(0, count(comparisons, "ddpm: single steps against"));
    assertEquals(1, count(comparisons, "ddim: single steps against 8 in a call"));
  }

  @Test
  void aDeviceThatGivesSomethingElseFails() throws Exception {
    List<Comparison> comparisons = compare(Bundles.POINTS, value -> value * 1.1f + 0.01f);
    assertTrue(comparisons.stream().noneMatch(Comparison::passed), comparisons::toString);
  }

  @Test
  void aRoundingThatTheStepsThemselvesGrowIsNoFaultOfTheDevice() throws Exception {
    List<Comparison> comparisons = compareChaotic(1 + 1e-7);
    assertTrue(comparisons.stream().allMatch(Comparison::passed), comparisons::toString);
    // Without what the steps make of it, this would be far above what the same kernels may differ.
    assertTrue(
        comparisons.stream().anyMatch(comparison -> comparison.maxDifference() > 1e-4),
        comparisons::toString);
  }

  @Test
  void aChainOfSomethingElseFailsAlsoWhereStepsTearNeighboursApart() throws Exception {
    List<Comparison> comparisons =
        compareChaotic(1.01).stream()
            .filter(comparison -> comparison.what().contains("against 1 in a call"))
            .toList();
    assertFalse(comparisons.isEmpty());
    assertTrue(comparisons.stream().noneMatch(Comparison::passed), comparisons::toString);
  }

  @Test
  void whatIsNoNumberFails() throws Exception {
    List<Comparison> comparisons = compare(Bundles.POINTS, value -> Float.NaN);
    assertTrue(comparisons.stream().noneMatch(Comparison::passed), comparisons::toString);
    assertFalse(new Comparison("a", Double.NaN, 1).passed());
  }
}
