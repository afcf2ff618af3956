package dev.ancestral.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DenoiserException;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.Row;
import dev.ancestral.server.engine.ThreadOwner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network in ONNX Runtime. Inputs and output are four direct buffers, made once; the tensors
 * over their beginnings are made once for each batch size, so a call allocates next to nothing and
 * copies each number once in and once out.
 *
 * <p>Belongs to the thread that first runs it; the same thread closes it, so never during a run.
 */
public final class OrtDenoiser implements Denoiser {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final RunSwitch runs;
  private final List<Long> dataShape;
  private final int elements;
  private final boolean takesLabels;
  private final boolean predictsVariance;
  private final FloatBuffer samples;
  private final FloatBuffer timesteps;
  private final LongBuffer labels;
  private final FloatBuffer outputs;
  private final BatchSizes sizes;
  private final @Nullable Binding[] bindings;
  private final ThreadOwner owner = new ThreadOwner("denoiser");
  private final @Nullable OrtDeviceChain chain;
  private boolean closed;

  /** The tensors of one batch size, over the shared buffers. */
  private record Binding(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  OrtDenoiser(
      OrtEnvironment environment,
      OrtSession session,
      RunSwitch runs,
      List<Long> dataShape,
      boolean takesLabels,
      boolean predictsVariance,
      BatchSizes sizes,
      @Nullable OrtDeviceChain chain) {
    this.chain = chain;
    int maxRows = sizes.largest();
    this.sizes = sizes;
    this.environment = environment;
    this.session = session;
    this.runs = runs;
    this.dataShape = dataShape;
    this.takesLabels = takesLabels;
    this.predictsVariance = predictsVariance;
    this.elements = Math.toIntExact(dataShape.stream().reduce(1L, Math::multiplyExact));
    this.samples = direct(Math.multiplyExact(maxRows, elements), Float.BYTES).asFloatBuffer();
    this.outputs =
        direct(Math.multiplyExact(maxRows, predictionElements()), Float.BYTES).asFloatBuffer();
    this.timesteps = direct(maxRows, Float.BYTES).asFloatBuffer();
    this.labels = direct(maxRows, Long.BYTES).asLongBuffer();
    this.bindings = new Binding[maxRows + 1];
  }

  private static ByteBuffer direct(int numbers, int bytes) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(numbers, bytes))
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public List<Long> dataShape() {
    return dataShape;
  }

  @Override
  public boolean takesLabels() {
    return takesLabels;
  }

  @Override
  public boolean predictsVariance() {
    return predictsVariance;
  }

  @Override
  public int maxRows() {
    return bindings.length - 1;
  }

  @Override
  public int paddedRows(int rows) {
    return sizes.of(rows);
  }

  @Override
  public void warmUp() {
    owner.check();
    // Zeros: the buffers as they were made.
    sizes.forWarmUp().forEach(this::run);
    if (chain != null) {
      sizes.forWarmUp().forEach(chain::warmUp);
    }
  }

  @Override
  public @Nullable DeviceChain chain() {
    return chain;
  }

  @Override
  public int elements() {
    return elements;
  }

  @Override
  public void predict(List<? extends Row> rows, float[] predictions) {
    owner.check();
    if (closed) {
      throw new IllegalStateException("denoiser: is closed");
    }
    int count = rows.size();
    if (count < 1 || count > maxRows()) {
      throw new IllegalArgumentException("rows: %d (expected: 1..%d)".formatted(count, maxRows()));
    }
    for (int i = 0; i < count; i++) {
      Row row = rows.get(i);
      if (row.state().length != elements) {
        throw new IllegalArgumentException(
            "row %d: %d numbers (expected: %d)".formatted(i, row.state().length, elements));
      }
      samples.put(i * elements, row.state());
      timesteps.put(i, (float) row.timestep());
      labels.put(i, row.label());
    }
    int size = sizes.of(count);
    for (int padding = count; padding < size; padding++) {
      Row row = rows.get(0);
      samples.put(padding * elements, row.state());
      timesteps.put(padding, (float) row.timestep());
      labels.put(padding, row.label());
    }
    run(size);
    outputs.get(0, predictions, 0, count * predictionElements());
  }

  private void run(int size) {
    NativeCalls.begin();
    try {
      Binding binding = binding(size);
      // The output is pinned: the result holds the binding's tensor and must not close it.
      OrtSession.Result result =
          session.run(binding.inputs(), Set.of(), binding.outputs(), runs.options());
      result.close();
    } catch (OrtException e) {
      throw new DenoiserException("ONNX Runtime: " + ModelException.said(e), e);
    } finally {
      NativeCalls.end();
    }
  }

  @Override
  public void abort() {
    runs.off();
    if (chain != null) {
      chain.abort();
    }
  }

  /** Frees the chain, the tensors, then the session they were run by. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    owner.check();
    closed = true;
    if (chain != null) {
      chain.close();
    }
    NativeCalls.begin();
    try {
      for (Binding binding : bindings) {
        if (binding != null) {
          binding.close();
        }
      }
      session.close();
      runs.close();
    } catch (OrtException e) {
      throw new DenoiserException("ONNX Runtime: " + ModelException.said(e), e);
    } finally {
      NativeCalls.end();
    }
  }

  private Binding binding(int rows) throws OrtException {
    Binding known = bindings[rows];
    if (known != null) {
      return known;
    }
    List<OnnxTensor> made = new ArrayList<>();
    try {
      long[] sampleShape = new long[dataShape.size() + 1];
      sampleShape[0] = rows;
      for (int i = 0; i < dataShape.size(); i++) {
        sampleShape[i + 1] = dataShape.get(i);
      }
      // The variance half is further channels, or further features.
      long[] outputShape = sampleShape.clone();
      outputShape[1] *= predictionElements() / elements;
      long[] perRow = {rows};
      Map<String, OnnxTensor> inputs = new HashMap<>();
      inputs.put(OnnxModel.SAMPLE, keep(made, tensor(samples, rows * elements, sampleShape)));
      inputs.put(OnnxModel.TIMESTEP, keep(made, tensor(timesteps, rows, perRow)));
      if (takesLabels) {
        inputs.put(
            OnnxModel.LABELS,
            keep(made, OnnxTensor.createTensor(environment, labels.slice(0, rows), perRow)));
      }
      Map<String, OnnxTensor> output =
          Map.of(
              OnnxModel.OUTPUT,
              keep(made, tensor(outputs, rows * predictionElements(), outputShape)));
      Binding binding = new Binding(inputs, output);
      bindings[rows] = binding;
      return binding;
    } catch (OrtException e) {
      made.forEach(OnnxTensor::close);
      throw e;
    }
  }

  /** A slice of a direct buffer: the tensor reads and writes it in place. */
  private OnnxTensor tensor(FloatBuffer buffer, int numbers, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, buffer.slice(0, numbers), shape);
  }

  private static OnnxTensor keep(List<OnnxTensor> made, OnnxTensor tensor) {
    made.add(tensor);
    return tensor;
  }
}
