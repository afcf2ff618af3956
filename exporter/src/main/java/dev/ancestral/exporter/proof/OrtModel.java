package dev.ancestral.exporter.proof;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.ByteString;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.natives.Silence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file's content, run by ONNX Runtime on the CPU with all graph optimisations. */
public final class OrtModel implements Model {
  private final OrtEnvironment environment;
  private final OrtSession session;

  /**
   * Loads a model.
   *
   * @param file the content of an ONNX file
   * @throws ProofException if ONNX Runtime refuses it
   */
  public OrtModel(byte[] file) {
    this((environment, options) -> environment.createSession(file, options));
  }

  /**
   * Loads a model from disk, with the weights that lie in other files beside it.
   *
   * @param file an ONNX file
   * @throws ProofException if ONNX Runtime refuses it
   */
  public OrtModel(Path file) {
    this((environment, options) -> environment.createSession(file.toString(), options));
  }

  /** Opens a session. */
  private interface Opener {
    OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException;
  }

  private OrtModel(Opener opener) {
    Silence.ofOnnxRuntime();
    this.environment = OrtEnvironment.getEnvironment();
    NativeCalls.begin();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      // Its threads would burn the time in which the other network runs.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      this.session = opener.open(environment, options);
    } catch (OrtException e) {
      throw new ProofException("ONNX Runtime refuses the exported network: " + e.getMessage(), e);
    } finally {
      NativeCalls.end();
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    NativeCalls.begin();
    try {
      int i = 0;
      for (String name : session.getInputNames()) {
        given.put(name, create(inputs.get(i++)));
      }
      try (OrtSession.Result result = session.run(given)) {
        List<Tensor> outputs = new ArrayList<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.add(content((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new ProofException("ONNX Runtime fails: " + e.getMessage(), e);
    } finally {
      given.values().forEach(OnnxTensor::close);
      NativeCalls.end();
    }
  }

  private OnnxTensor create(Tensor tensor) throws OrtException {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(tensor.data().size()).order(ByteOrder.nativeOrder());
    tensor.data().copyTo(bytes);
    long[] shape = tensor.dims().stream().mapToLong(Long::longValue).toArray();
    return OnnxTensor.createTensor(environment, bytes.rewind(), shape, javaType(tensor.type()));
  }

  private static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }

  private static Tensor content(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    ElementType type =
        Arrays.stream(ElementType.values())
            .filter(known -> javaType(known) == info.type)
            .findFirst()
            .orElseThrow();
    List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
    return new Tensor(type, shape, ByteString.copyFrom(tensor.getByteBuffer()));
  }

  @Override
  public void close() {
    NativeCalls.begin();
    try {
      session.close();
    } catch (OrtException e) {
      throw new ProofException("ONNX Runtime fails: " + e.getMessage(), e);
    } finally {
      NativeCalls.end();
    }
  }
}
