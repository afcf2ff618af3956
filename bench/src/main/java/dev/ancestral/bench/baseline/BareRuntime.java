package dev.ancestral.bench.baseline;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.server.onnx.OnnxLibrary;
import dev.ancestral.server.onnx.Providers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network in ONNX Runtime with nothing around it: as many threads as {@code serve} has, which
 * spin as its own do, the same input again and again, the output pinned to a buffer. No sampler, no
 * noise, no copies. For one thread.
 */
public final class BareRuntime implements AutoCloseable {
  /** The seed of the states it is given. */
  static final long SEED = 7;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<Integer, Bound> bound = new HashMap<>();

  /** The tensors of one batch size. */
  private record Bound(
      Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, ByteBuffer output) {
    void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * Opens an ONNX file.
   *
   * @param on where it runs, set up as the server's sessions are
   */
  public BareRuntime(Path file, BenchDevice on) {
    try {
      this.environment =
          OnnxLibrary.load(
              () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR));
    } catch (OrtException e) {
      throw failure(e);
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      Providers.add(options, on.device());
      this.session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  /**
   * Runs the network a number of times.
   *
   * @return the time that all of them took
   */
  public Duration run(int batch, int times) {
    Bound tensors = bound.computeIfAbsent(batch, this::bind);
    long begin = System.nanoTime();
    try {
      for (int i = 0; i < times; i++) {
        session.run(tensors.inputs(), tensors.outputs()).close();
      }
    } catch (OrtException e) {
      throw failure(e);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** What it predicted in the last run of this batch size. */
  float[] prediction(int batch) {
    Bound tensors = bound.computeIfAbsent(batch, this::bind);
    float[] values = new float[tensors.output().capacity() / Float.BYTES];
    tensors.output().asFloatBuffer().get(values);
    return values;
  }

  /** The state of the rows that it is given, row after row. */
  static float[] states(int batch, int elements) {
    float[] states = new float[batch * elements];
    for (int row = 0; row < batch; row++) {
      GaussianNoise.fill(states, row * elements, elements, SEED, NoisePurpose.INITIAL, row, 0);
    }
    return states;
  }

  /** The timestep of a row. */
  static float timestep(int row) {
    return 10 + 100 * row;
  }

  private Bound bind(int batch) {
    List<OnnxTensor> made = new ArrayList<>();
    try {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
        TensorInfo info = (TensorInfo) input.getValue().getInfo();
        ByteBuffer values = direct(batch * row(info), info.type);
        if (info.type == OnnxJavaType.FLOAT) {
          float[] numbers = new float[batch];
          for (int row = 0; row < batch; row++) {
            numbers[row] = timestep(row);
          }
          values
              .asFloatBuffer()
              .put(info.getShape().length == 1 ? numbers : states(batch, row(info)));
        }
        inputs.put(input.getKey(), keep(made, tensor(values, batch, info)));
      }
      Map.Entry<String, NodeInfo> output = session.getOutputInfo().entrySet().iterator().next();
      TensorInfo info = (TensorInfo) output.getValue().getInfo();
      ByteBuffer values = direct(batch * row(info), info.type);
      return new Bound(
          inputs, Map.of(output.getKey(), keep(made, tensor(values, batch, info))), values);
    } catch (OrtException e) {
      made.forEach(OnnxTensor::close);
      throw failure(e);
    }
  }

  private static OnnxTensor keep(List<OnnxTensor> made, OnnxTensor tensor) {
    made.add(tensor);
    return tensor;
  }

  private OnnxTensor tensor(ByteBuffer values, int batch, TensorInfo info) throws OrtException {
    long[] shape = info.getShape();
    shape[0] = batch;
    return OnnxTensor.createTensor(environment, values, shape, info.type);
  }

  /** Numbers of one row. */
  private static int row(TensorInfo info) {
    long numbers = 1;
    for (int axis = 1; axis < info.getShape().length; axis++) {
      numbers *= info.getShape()[axis];
    }
    return Math.toIntExact(numbers);
  }

  private static ByteBuffer direct(int numbers, OnnxJavaType type) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(numbers, type.size))
        .order(ByteOrder.nativeOrder());
  }

  private static IllegalStateException failure(OrtException e) {
    return new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
  }

  /** Frees the tensors and the session. */
  @Override
  public void close() {
    bound.values().forEach(Bound::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(e);
    }
  }
}
