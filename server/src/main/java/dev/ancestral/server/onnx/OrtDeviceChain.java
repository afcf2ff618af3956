package dev.ancestral.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Past;
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
  private final FloatBuffer nextStates;
  private final FloatBuffer lastEstimates;
  private final FloatBuffer coefficients;
  private final FloatBuffer timesteps;
  private final LongBuffer steps = longs(1);
  private final LongBuffer labels;
  private final LongBuffer labelled;
  private final LongBuffer unlabelled;
  private final float[] zero;
  private final float[] noiseOfOne;
  private FloatBuffer histories;
  private FloatBuffer nextHistories;
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
    this.nextStates = floats(numbers);
    this.lastEstimates = floats(numbers);
    this.histories = floats(numbers);
    this.nextHistories = floats(numbers);
    this.coefficients = floats(maxSteps * (COLUMNS.size() + Past.MOST) * rows);
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
    Call call = Call.of(samples, sizes.of(rows), turns);
    makeRoom(call);
    steps.put(0, turns);
    int row = 0;
    for (ChainRow sample : samples) {
      row = put(sample, row, call);
    }
    for (int padding = rows; padding < call.rows(); padding++) {
      put(samples.get(0), samples.get(0).label(), padding, call);
    }
    run(call);
    row = 0;
    for (ChainRow sample : samples) {
      nextStates.get(row * elements, sample.state());
      lastEstimates.get(row * elements, sample.estimate());
      for (int entry = 0; entry < sample.history().length; entry++) {
        nextHistories.get((entry * call.rows() + row) * elements, sample.history()[entry]);
      }
      row += rowCount(sample);
    }
  }

  /**
   * What a call is like.
   *
   * @param entries H, of the history
   * @param readsHistory whether any row keeps one; else nobody wants it back
   */
  record Call(int rows, int turns, int entries, boolean readsHistory, boolean stochastic) {
    /** The one of these samples, with no more of anything than they need. */
    static Call of(List<? extends ChainRow> samples, int rows, int turns) {
      int kept = samples.stream().mapToInt(sample -> sample.history().length).max().orElse(0);
      return new Call(
          rows,
          turns,
          Math.max(1, kept),
          kept > 0,
          samples.stream().anyMatch(sample -> isStochastic(sample, turns)));
    }
  }

  /** The history's buffers grow with what is asked for, since most samplers keep none. */
  private void makeRoom(Call call) {
    int numbers = Math.multiplyExact(call.entries(), maxRows() * elements);
    if (histories.capacity() < numbers) {
      try {
        FloatBuffer before = floats(numbers);
        FloatBuffer after = floats(numbers);
        histories = before;
        nextHistories = after;
      } catch (OutOfMemoryError e) {
        throw new DenoiserException(
            "memory: none for a history of %d entries (expected: a larger -XX:MaxDirectMemorySize)"
                .formatted(call.entries()),
            e);
      }
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
      if (sample.history().length != sample.plan().historyLength()) {
        throw new IllegalArgumentException(
            "history: %d entries (expected: %d)"
                .formatted(sample.history().length, sample.plan().historyLength()));
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
  private int put(ChainRow sample, int row, Call call) {
    Guidance guidance = sample.guidance();
    put(sample, sample.label(), row, call);
    if (guidance != null) {
      put(sample, guidance.nullLabel(), row + 1, call);
      labelled.put(row + 1, row);
      unlabelled.put(row, row + 1);
    }
    int count = rowCount(sample);
    if (call.stochastic()) {
      FloatBuffer z = noise();
      for (int turn = 0; turn < call.turns(); turn++) {
        int step = sample.step() + turn;
        if (sample.plan().steps().get(step).isStochastic()) {
          sample.noise(step, noiseOfOne);
          for (int copy = 0; copy < count; copy++) {
            z.put((turn * call.rows() + row + copy) * elements, noiseOfOne);
          }
        }
      }
    }
    return row + count;
  }

  /** Puts one row, which is its own until told otherwise. */
  private void put(ChainRow sample, int label, int row, Call call) {
    states.put(row * elements, sample.state());
    for (int entry = 0; entry < call.entries(); entry++) {
      // What no step left may hold anything; 0 times anything need not be 0.
      boolean left = entry < Math.min(sample.history().length, sample.step());
      histories.put((entry * call.rows() + row) * elements, left ? sample.history()[entry] : zero);
    }
    labels.put(row, label);
    labelled.put(row, row);
    unlabelled.put(row, row);
    int columns = COLUMNS.size() + call.entries();
    for (int turn = 0; turn < call.turns(); turn++) {
      Step step = sample.plan().steps().get(sample.step() + turn);
      timesteps.put(turn * call.rows() + row, (float) step.timestep());
      for (int i = 0; i < columns; i++) {
        float value =
            i < COLUMNS.size()
                ? COLUMNS.get(i).value(sample.plan(), step, sample.guidance())
                : (float) step.past().factor(i - COLUMNS.size());
        coefficients.put((turn * columns + i) * call.rows() + row, value);
      }
    }
  }

  private void run(Call call) {
    int rows = call.rows();
    int turns = call.turns();
    long[] row = new long[dataShape.size()];
    Arrays.setAll(row, i -> dataShape.get(i));
    long[] ones = new long[row.length];
    Arrays.fill(ones, 1);
    List<OnnxTensor> made = new ArrayList<>();
    NativeCalls.begin();
    try {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      inputs.put(ChainGraph.STATE, tensor(made, states, shape(row, rows)));
      inputs.put(ChainGraph.HISTORY, tensor(made, histories, shape(row, call.entries(), rows)));
      inputs.put(ChainGraph.STEPS, tensor(made, steps, new long[0]));
      inputs.put(
          ChainGraph.COEFFICIENTS,
          tensor(made, coefficients, shape(ones, turns, COLUMNS.size() + call.entries(), rows)));
      inputs.put(ChainGraph.TIMESTEPS, tensor(made, timesteps, new long[] {turns, rows}));
      inputs.put(
          ChainGraph.NOISE,
          call.stochastic()
              ? tensor(made, noise(), shape(row, turns, rows))
              // Its factor is 0 in all rows: any numbers do, as long as they are finite.
              : tensor(made, timesteps, shape(ones, turns, 1)));
      if (takesLabels) {
        long[] perRow = {rows};
        inputs.put(ChainGraph.LABELS, tensor(made, labels, perRow));
        inputs.put(ChainGraph.LABELLED, tensor(made, labelled, perRow));
        inputs.put(ChainGraph.UNLABELLED, tensor(made, unlabelled, perRow));
      }
      Map<String, OnnxTensor> outputs = new HashMap<>();
      outputs.put(ChainGraph.NEXT_STATE, tensor(made, nextStates, shape(row, rows)));
      outputs.put(ChainGraph.LAST_ESTIMATE, tensor(made, lastEstimates, shape(row, rows)));
      if (call.readsHistory()) {
        outputs.put(
            ChainGraph.NEXT_HISTORY, tensor(made, nextHistories, shape(row, call.entries(), rows)));
      }
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
    run(new Call(rows, 1, 1, false, false));
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
