package dev.ancestral.server.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.signature.Declared;
import dev.ancestral.bundle.signature.Declared.Dimension;
import dev.ancestral.bundle.signature.Signature;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.diffusion.sampler.Variance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open ONNX file. Owns its session until {@link #denoiser} takes it over. Not thread-safe. */
public final class OnnxModel implements AutoCloseable {
  static final String SAMPLE = Signature.SAMPLE;
  static final String TIMESTEP = Signature.TIMESTEP;
  static final String LABELS = Signature.LABELS;
  static final String OUTPUT = Signature.OUTPUT;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String file;
  private final Device device;
  private final boolean oneRow;
  private boolean taken;

  /** {@code oneRow}: whether a call takes no more. */
  OnnxModel(
      OrtEnvironment environment, OrtSession session, String file, Device device, boolean oneRow) {
    this.environment = environment;
    this.session = session;
    this.file = file;
    this.device = device;
    this.oneRow = oneRow;
  }

  /** The file's own metadata. */
  public Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new ModelException(file, "metadata: " + ModelException.said(e));
    }
  }

  /**
   * Which of the file's inputs is what, and its output, as a bundle of somebody else's needs them.
   *
   * @throws dev.ancestral.bundle.BundleException naming what does not fit, and what would
   */
  public Signature signature(Bundle bundle) {
    try {
      return Signature.of(
          file, declared(session.getInputInfo()), declared(session.getOutputInfo()), bundle);
    } catch (OrtException e) {
      throw new ModelException(file, "inputs: " + ModelException.said(e));
    }
  }

  private static List<Declared> declared(Map<String, NodeInfo> nodes) {
    List<Declared> declared = new ArrayList<>();
    nodes.forEach(
        (name, node) -> {
          if (node.getInfo() instanceof TensorInfo tensor) {
            long[] shape = tensor.getShape();
            List<Dimension> dimensions = new ArrayList<>();
            for (int i = 0; i < shape.length; i++) {
              dimensions.add(
                  shape[i] < 0
                      ? Dimension.free(tensor.getDimensionNames()[i])
                      : Dimension.of(shape[i]));
            }
            declared.add(new Declared(name, label(tensor.type), dimensions));
          } else {
            declared.add(new Declared(name, "no tensor", List.of()));
          }
        });
    return declared;
  }

  /** As {@code float32}. */
  private static String label(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      default -> type.name().toLowerCase(Locale.ROOT);
    };
  }

  /** The rows of a call where so many are wanted. */
  public int rows(int wanted) {
    return oneRow ? 1 : wanted;
  }

  /**
   * The network as the engine runs it, after checking that its inputs and its output are what the
   * bundle says. The session is the denoiser's from here on.
   *
   * @throws ModelException naming the input or output that does not fit
   */
  public OrtDenoiser denoiser(Bundle bundle, int maxRows) {
    return denoiser(bundle, device.batchSizes(rows(maxRows)), null);
  }

  /**
   * As above, with a chain on the same device, which is the denoiser's from here on.
   *
   * @throws ModelException naming the input or output that does not fit; the chain is then closed
   */
  public OrtDenoiser denoiser(Bundle bundle, int maxRows, OrtDeviceChain chain) {
    try {
      return denoiser(bundle, device.batchSizes(rows(maxRows)), chain);
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  /** As above, in other sizes than the device's. */
  OrtDenoiser denoiser(Bundle bundle, BatchSizes sizes, @Nullable OrtDeviceChain chain) {
    List<Long> shape = bundle.data().shape();
    boolean labels = bundle.conditioning() != null;
    Variance variance = bundle.scheduler().variance();
    try {
      Map<String, NodeInfo> inputs = session.getInputInfo();
      List<String> expected = new ArrayList<>(List.of(SAMPLE, TIMESTEP));
      if (labels) {
        expected.add(LABELS);
      }
      if (!inputs.keySet().equals(Set.copyOf(expected))) {
        throw new ModelException(
            file,
            "inputs: %s (expected: %s, as its description says)"
                .formatted(String.join(", ", inputs.keySet()), String.join(", ", expected)));
      }
      check("input", SAMPLE, inputs, OnnxJavaType.FLOAT, shape, "");
      check("input", TIMESTEP, inputs, OnnxJavaType.FLOAT, List.of(), "");
      if (labels) {
        check("input", LABELS, inputs, OnnxJavaType.INT64, List.of(), "");
      }
      check(
          "output",
          OUTPUT,
          session.getOutputInfo(),
          OnnxJavaType.FLOAT,
          outputShape(shape, variance),
          ", since variance_type is " + variance.label());
      checkBuffers(shape, variance, sizes.largest());
      OrtDenoiser denoiser =
          new OrtDenoiser(
              environment,
              session,
              new RunSwitch(),
              shape,
              labels,
              variance.isLearned(),
              sizes,
              chain);
      taken = true;
      return denoiser;
    } catch (OrtException e) {
      throw new ModelException(file, "inputs: " + ModelException.said(e));
    }
  }

  /** Closes the session, unless a denoiser has it. */
  @Override
  public void close() {
    if (!taken) {
      taken = true;
      NativeCalls.begin();
      try {
        session.close();
      } catch (OrtException e) {
        throw new ModelException(file, "close: " + ModelException.said(e));
      } finally {
        NativeCalls.end();
      }
    }
  }

  /** A batch's numbers lie in one buffer, whose bytes are counted by an int. */
  private static void checkBuffers(List<Long> shape, Variance variance, int maxRows) {
    long row = Float.BYTES * outputShape(shape, variance).stream().reduce(1L, Math::multiplyExact);
    long most = Integer.MAX_VALUE / row;
    if (maxRows > most) {
      throw new IllegalArgumentException(
          "max-batch: %d (expected: at most %d, for samples of shape %s)"
              .formatted(maxRows, most, shape));
    }
  }

  /** The data's shape; with a variance half, twice its channels or features. */
  private static List<Long> outputShape(List<Long> shape, Variance variance) {
    List<Long> output = new ArrayList<>(shape);
    if (variance.isLearned()) {
      output.set(0, Math.multiplyExact(2, shape.get(0)));
    }
    return output;
  }

  /**
   * A tensor [batch, ...row] with a free batch, or of one row; other free dimensions are taken on
   * trust.
   */
  private void check(
      String kind,
      String name,
      Map<String, NodeInfo> nodes,
      OnnxJavaType type,
      List<Long> row,
      String reason) {
    NodeInfo node = nodes.get(name);
    String actual = "missing";
    if (node != null && node.getInfo() instanceof TensorInfo tensor) {
      long[] shape = tensor.getShape();
      if (tensor.type == type && fits(shape, row)) {
        return;
      }
      actual = tensor.type + " " + Arrays.toString(shape);
    }
    List<Object> expected = new ArrayList<>(List.of("batch"));
    expected.addAll(row);
    throw new ModelException(
        file,
        "%s %s: %s (expected: %s %s%s)".formatted(kind, name, actual, type, expected, reason));
  }

  private boolean fits(long[] shape, List<Long> row) {
    if (shape.length != row.size() + 1 || !(shape[0] == -1 || (oneRow && shape[0] == 1))) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (shape[i + 1] != -1 && shape[i + 1] != row.get(i)) {
        return false;
      }
    }
    return true;
  }
}
