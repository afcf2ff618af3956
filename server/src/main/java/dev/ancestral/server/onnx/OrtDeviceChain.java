package dev.ancestral.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.server.engine.ChainRow;
import dev.ancestral.server.engine.DenoiserException;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.ThreadOwner;
import dev.ancestral.server.onnx.chain.ChainGraph;
import dev.ancestral.server.onnx.chain.Coefficient;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link ChainGraph} in ONNX Runtime. The numbers lie in direct buffers, made once; a call makes
 * tensors over their beginnings, which costs little beside several runs of the network.
 */
public final class OrtDeviceChain implements DeviceChain {
  private static final List<Coefficient> COLUMNS = Coefficient.COLUMNS;

  /** The most that the noise of one call may take; it is what grows with rows, steps and data. */
  private static final long NOISE_BYTES = 64L << 20;

  /** Beyond these a call's own cost is long amortised, and newcomers wait for its end. */
  private static final int MOST_STEPS = 32;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final RunSwitch runs;
  private final List<Long> dataShape;
  private final int elements;
  private final boolean takesLabels;
  private final BatchSizes sizes;
  private final int maxSteps;
  private final FloatBuffer states;
  private final FloatBuffer estimates;
  private final FloatBuffer nextStates;
  private final FloatBuffer nextEstimates;
  private final FloatBuffer coefficients;
  private final FloatBuffer timesteps;
  private final LongBuffer steps = longs(1);
  private final LongBuffer labels;
  private final LongBuffer labelled;
  private final LongBuffer unlabelled;
  private final float[] zero;
  private final float[] noiseOfOne;
  private @Nullable FloatBuffer noise;
  private final ThreadOwner owner = new ThreadOwner("chain");
  private boolean closed;

  OrtDeviceChain(
      OrtEnvironment environment,
      OrtSession session,
      RunSwitch runs,
      List<Long> dataShape,
      boolean takesLabels,
      BatchSizes sizes) {
    this.environment = environment;
    this.session = session;
    this.runs = runs;
    this.dataShape = dataShape;
    this.elements = Math.toIntExact(dataShape.stream().reduce(1L, Math::multiplyExact));
    this.takesLabels = takesLabels;
    this.sizes = sizes;
    int rows = sizes.largest();
    int numbers = Math.multiplyExact(rows, elements);
    long affordable = NOISE_BYTES / ((long) numbers * Float.BYTES);
    this.maxSteps = (int) Math.max(1, Math.min(MOST_STEPS, affordable));
    this.states = floats(numbers);
    this.estimates = floats(numbers);
    this.nextStates = floats(numbers);
    this.nextEstimates = floats(numbers);
    this.coefficients = floats(maxSteps * COLUMNS.size() * rows);
    this.timesteps = floats(maxSteps * rows);
    this.labels = longs(rows);
    this.labelled = longs(rows);
    this.unlabelled = longs(rows);
    this.zero = new float[elements];
    this.noiseOfOne = new float[elements];
  }

  @Override
  public int maxRows() {
    return sizes.largest();
  }

  @Override
  public int maxSteps() {
    return maxSteps;
  }

  @Override
  public void run(List<? extends ChainRow> samples, int turns) {
    owner.check();
    if (closed) {
      throw new IllegalStateException("chain: is closed");
    }
    int rows = check(samples, turns);
    int size = sizes.of(rows);
    boolean stochastic = samples.stream().anyMatch(sample -> isStochastic(sample, turns));
    steps.put(0, turns);
    int row = 0;
    for (ChainRow sample : samples) {
      row = put(sample, row, turns, size, stochastic);
    }
    for (int padding = rows; padding < size; padding++) {
      put(samples.get(0), samples.get(0).label(), padding, turns, size);
    }
    run(size, turns, stochastic);
    row = 0;
    for (ChainRow sample : samples) {
      nextStates.get(row * elements, sample.state());
      nextEstimates.get(row * elements, sample.estimate());
      row += rowCount(sample);
    }
  }

  private int check(List<? extends ChainRow> samples, int turns) {
    if (turns < 1 || turns > maxSteps) {
      throw new IllegalArgumentException("steps: %d (expected: 1..%d)".formatted(turns, maxSteps));
    }
    int rows = 0;
    for (ChainRow sample : samples) {
      rows += rowCount(sample);
      int left = sample.plan().length() - sample.step();
      if (turns > left) {
        throw new IllegalArgumentException(
            "steps: %d (expected: at most %d, what a sample has left)".formatted(turns, left));
      }
      if (sample.state().length != elements || sample.estimate().length != elements) {
        throw new IllegalArgumentException(
            "sample: %d and %d numbers (expected: %d)"
                .formatted(sample.state().length, sample.estimate().length, elements));
      }
      if (!DeviceChain.expressible(sample.plan(), sample.guidance())) {
        throw new IllegalArgumentException(
            "plan: %s (expected: one that a chain on the device can express)"
                .formatted(sample.plan().sampler()));
      }
    }
    if (rows < 1 || rows > maxRows()) {
      throw new IllegalArgumentException("rows: %d (expected: 1..%d)".formatted(rows, maxRows()));
    }
    return rows;
  }

  private static int rowCount(ChainRow sample) {
    return sample.guidance() == null ? 1 : 2;
  }

  private static boolean isStochastic(ChainRow sample, int turns) {
    return sample.plan().steps().subList(sample.step(), sample.step() + turns).stream()
        .anyMatch(Step::isStochastic);
  }

  /** Puts a sample's row or rows; returns the row after them. */
  private int put(ChainRow sample, int row, int turns, int size, boolean stochastic) {
    Guidance guidance = sample.guidance();
    put(sample, sample.label(), row, turns, size);
    if (guidance != null) {
      put(sample, guidance.nullLabel(), row + 1, turns, size);
      labelled.put(row + 1, row);
      unlabelled.put(row, row + 1);
    }
    int count = rowCount(sample);
    if (stochastic) {
      FloatBuffer z = noise();
      for (int turn = 0; turn < turns; turn++) {
        int step = sample.step() + turn;
        if (sample.plan().steps().get(step).isStochastic()) {
          sample.noise(step, noiseOfOne);
          for (int copy = 0; copy < count; copy++) {
            z.put((turn * size + row + copy) * elements, noiseOfOne);
          }
        }
      }
    }
    return row + count;
  }

  /** Puts one row, which is its own until told otherwise. */
  private void put(ChainRow sample, int label, int row, int turns, int size) {
    states.put(row * elements, sample.state());
    // Where the first step does not read p, it may hold anything; 0 times anything need not be 0.
    boolean previous = sample.plan().steps().get(sample.step()).usesPrevious();
    estimates.put(row * elements, previous ? sample.estimate() : zero);
    labels.put(row, label);
    labelled.put(row, row);
    unlabelled.put(row, row);
    for (int turn = 0; turn < turns; turn++) {
      Step step = sample.plan().steps().get(sample.step() + turn);
      timesteps.put(turn * size + row, (float) step.timestep());
      int column = turn * COLUMNS.size();
      for (int i = 0; i < COLUMNS.size(); i++) {
        float value = COLUMNS.get(i).value(sample.plan(), step, sample.guidance());
        coefficients.put((column + i) * size + row, value);
      }
    }
  }

  private void run(int rows, int turns, boolean stochastic) {
    long[] row = new long[dataShape.size()];
    Arrays.setAll(row, i -> dataShape.get(i));
    long[] ones = new long[row.length];
    Arrays.fill(ones, 1);
    List<OnnxTensor> made = new ArrayList<>();
    NativeCalls.begin();
    try {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      inputs.put(ChainGraph.STATE, tensor(made, states, shape(row, rows)));
      inputs.put(ChainGraph.ESTIMATE, tensor(made, estimates, shape(row, rows)));
      inputs.put(ChainGraph.STEPS, tensor(made, steps, new long[0]));
      inputs.put(
          ChainGraph.COEFFICIENTS,
          tensor(made, coefficients, shape(ones, turns, COLUMNS.size(), rows)));
      inputs.put(ChainGraph.TIMESTEPS, tensor(made, timesteps, new long[] {turns, rows}));
      inputs.put(
          ChainGraph.NOISE,
          stochastic
              ? tensor(made, noise(), shape(row, turns, rows))
              // Its factor is 0 in all rows: any numbers do, as long as they are finite.
              : tensor(made, timesteps, shape(ones, turns, 1)));
      if (takesLabels) {
        long[] perRow = {rows};
        inputs.put(ChainGraph.LABELS, tensor(made, labels, perRow));
        inputs.put(ChainGraph.LABELLED, tensor(made, labelled, perRow));
        inputs.put(ChainGraph.UNLABELLED, tensor(made, unlabelled, perRow));
      }
      Map<String, OnnxTensor> outputs =
          Map.of(
              ChainGraph.NEXT_STATE, tensor(made, nextStates, shape(row, rows)),
              ChainGraph.NEXT_ESTIMATE, tensor(made, nextEstimates, shape(row, rows)));
      // The outputs are pinned: the result holds the tensors made here and must not close them.
      OrtSession.Result result = session.run(inputs, Set.of(), outputs, runs.options());
      result.close();
    } catch (OrtException e) {
      throw new DenoiserException("ONNX Runtime: " + ModelException.said(e), e);
    } finally {
      made.forEach(OnnxTensor::close);
      NativeCalls.end();
    }
  }

  /** Makes the call that runs fail, and every later one; for any thread. */
  void abort() {
    runs.off();
  }

  /** Runs once with so many rows of zeros, the buffers as they were made. */
  void warmUp(int rows) {
    owner.check();
    steps.put(0, 1);
    run(rows, 1, false);
  }

  /** Frees the session. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    owner.check();
    closed = true;
    NativeCalls.begin();
    try {
      session.close();
      runs.close();
    } catch (OrtException e) {
      throw new DenoiserException("ONNX Runtime: " + ModelException.said(e), e);
    } finally {
      NativeCalls.end();
    }
  }

  /** Made when it is first needed: samplers without noise never need it. */
  private FloatBuffer noise() {
    FloatBuffer made = noise;
    if (made == null) {
      made = floats(maxSteps * maxRows() * elements);
      noise = made;
    }
    return made;
  }

  private static long[] shape(long[] row, long... before) {
    long[] shape = Arrays.copyOf(before, before.length + row.length);
    System.arraycopy(row, 0, shape, before.length, row.length);
    return shape;
  }

  private OnnxTensor tensor(List<OnnxTensor> made, Buffer buffer, long[] shape)
      throws OrtException {
    int numbers = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    OnnxTensor tensor =
        buffer instanceof FloatBuffer floats
            ? OnnxTensor.createTensor(environment, floats.slice(0, numbers), shape)
            : OnnxTensor.createTensor(environment, ((LongBuffer) buffer).slice(0, numbers), shape);
    made.add(tensor);
    return tensor;
  }

  private static FloatBuffer floats(int numbers) {
    return direct(numbers, Float.BYTES).asFloatBuffer();
  }

  private static LongBuffer longs(int numbers) {
    return direct(numbers, Long.BYTES).asLongBuffer();
  }

  private static ByteBuffer direct(int numbers, int bytes) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(numbers, bytes))
        .order(ByteOrder.nativeOrder());
  }
}
