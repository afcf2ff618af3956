package dev.ancestral.server.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.signature.Signature;
import dev.ancestral.cli.NativeCalls;
import dev.ancestral.server.onnx.adapt.GraphAdapter;
import dev.ancestral.server.onnx.chain.ChainGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens ONNX files on one device. All sessions of the process share one pool of threads.
 *
 * <p>Thread-safe. There is nothing to close: the environment lives as long as the process.
 */
public final class OnnxRuntime {
  private static final Object ENVIRONMENT_LOCK = new Object();
  private static @Nullable OrtEnvironment shared;

  private static final String EXTERNAL_WEIGHTS =
      "session.model_external_initializers_file_folder_path";

  /** What a protobuf message may have; the nodes that are added take little of it. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 20);

  private static final ChainGraph.Names NAMES =
      new ChainGraph.Names(
          OnnxModel.SAMPLE, OnnxModel.TIMESTEP, OnnxModel.LABELS, OnnxModel.OUTPUT);

  private final OrtEnvironment environment;
  private final ThreadPool pool;
  private volatile Device device;

  /** With threads that spin, as ONNX Runtime has it. */
  public OnnxRuntime(Device device, int threads) {
    this(device, new ThreadPool(threads, true));
  }

  /**
   * @param device where the networks run
   * @param pool what all models share; decided by the first runtime of the process
   */
  public OnnxRuntime(Device device, ThreadPool pool) {
    this.device = device;
    this.pool = pool;
    this.environment = environment(pool);
  }

  /** Where the networks run. */
  public Device device() {
    return device;
  }

  /** All that a network's speed and bits depend on besides itself, in one line. */
  public String description() {
    return "onnxruntime %s on %s, %s, %s"
        .formatted(environment.getVersion(), device.label(), pool, Machine.description());
  }

  /**
   * Opens a file. The caller closes the model, or the denoiser made from it. Where CUDA fails that
   * nobody demanded, this and every later file is opened on the CPU.
   *
   * @throws ModelException when the file is not one to hand to ONNX Runtime, or it does not take
   *     the file or the device
   */
  public OnnxModel open(Path file) {
    try {
      FileCheck.check(file);
    } catch (IOException e) {
      throw new ModelException(file.toString(), "cannot be read: " + e);
    }
    return openOn(device, file, null);
  }

  /**
   * Opens a file that {@link #open} took, with the inputs and the output of our own files. The
   * caller closes the model, or the denoiser made from it.
   *
   * @throws ModelException when the file is too large to be adapted, or ONNX Runtime does not take
   *     what it becomes
   */
  public OnnxModel openAdapted(Path file, Signature signature) {
    return openOn(device, file, signature);
  }

  private OnnxModel openOn(Device chosen, Path file, @Nullable Signature adaptation) {
    try {
      return open(file, chosen, adaptation);
    } catch (OrtException e) {
      if (!chosen.isGpu() || chosen.demanded()) {
        throw new ModelException(
            file.toString(), "on " + chosen.label() + ": " + ModelException.said(e));
      }
      device = Device.cpu(chosen.label() + " failed: " + ModelException.said(e));
      return openOn(device, file, adaptation);
    }
  }

  /**
   * Composes and opens the chain of a file that {@link #open} took, for the same device. The caller
   * closes it.
   *
   * @param adaptation with which it was opened, if it was adapted
   * @param maxRows the most rows of a call
   * @throws ModelException when the file is too large to be composed, or ONNX Runtime does not take
   *     the chain
   * @throws IOException if the file cannot be read
   */
  public OrtDeviceChain openChain(
      Path file, @Nullable Signature adaptation, Bundle bundle, int maxRows) throws IOException {
    return openChain(file, adaptation, bundle, device.batchSizes(maxRows));
  }

  /** As above, in other sizes than the device's. */
  OrtDeviceChain openChain(
      Path file, @Nullable Signature adaptation, Bundle bundle, BatchSizes sizes)
      throws IOException {
    List<Long> shape = bundle.data().shape();
    boolean labels = bundle.conditioning() != null;
    try (SessionOptions options = options(device)) {
      ModelProto network = read(file, adaptation, "a chain on the device");
      ModelProto chain =
          ChainGraph.compose(
              network, NAMES, shape, labels, bundle.scheduler().variance().isLearned());
      OrtSession session = session(file, chain, options);
      return new OrtDeviceChain(environment, session, new RunSwitch(), shape, labels, sizes);
    } catch (OrtException e) {
      throw new ModelException(
          file.toString(), "chain on " + device.label() + ": " + ModelException.said(e));
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(file.toString(), "chain: " + e.getMessage());
    }
  }

  private OnnxModel open(Path file, Device on, @Nullable Signature adaptation) throws OrtException {
    try (SessionOptions options = options(on)) {
      OrtSession session =
          adaptation == null
              ? session(file, options)
              : session(file, read(file, adaptation, "inputs of another's"), options);
      return new OnnxModel(
          environment,
          session,
          String.valueOf(file.getFileName()),
          on,
          adaptation != null && adaptation.takesOneRow());
    } catch (IOException e) {
      throw new ModelException(file.toString(), "cannot be read: " + e);
    }
  }

  /** The graph of a file, adapted if need be; {@code purpose} is what it is read for. */
  private static ModelProto read(Path file, @Nullable Signature adaptation, String purpose)
      throws IOException {
    long bytes = Files.size(file);
    if (bytes > MOST_BYTES) {
      throw new ModelException(
          file.toString(),
          "%d bytes (expected: at most %d, for %s; weights may lie in another file)"
              .formatted(bytes, MOST_BYTES, purpose));
    }
    ModelProto network = ModelProto.parseFrom(Files.readAllBytes(file));
    return adaptation == null ? network : GraphAdapter.adapt(network, adaptation);
  }

  private OrtSession session(Path file, SessionOptions options) throws OrtException {
    NativeCalls.begin();
    try {
      return environment.createSession(file.toString(), options);
    } finally {
      NativeCalls.end();
    }
  }

  /** Of a graph that was made of a file's. */
  private OrtSession session(Path file, ModelProto made, SessionOptions options)
      throws OrtException {
    // Read from memory, it would look for its weights in the working directory.
    options.addConfigEntry(EXTERNAL_WEIGHTS, String.valueOf(file.toAbsolutePath().getParent()));
    byte[] content = made.toByteArray();
    NativeCalls.begin();
    try {
      return environment.createSession(content, options);
    } finally {
      NativeCalls.end();
    }
  }

  private static SessionOptions options(Device on) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.disablePerSessionThreads();
    // Batch sizes change from call to call: a pattern remembered for one only costs memory.
    options.setMemoryPatternOptimization(false);
    Providers.add(options, on);
    return options;
  }

  private static OrtEnvironment environment(ThreadPool pool) {
    synchronized (ENVIRONMENT_LOCK) {
      OrtEnvironment environment = shared;
      if (environment == null) {
        environment = load(pool);
        shared = environment;
      }
      return environment;
    }
  }

  private static OrtEnvironment load(ThreadPool pool) {
    try {
      return OnnxLibrary.load(() -> create(pool));
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          "threads: %d: %s".formatted(pool.threads(), ModelException.said(e)), e);
    }
  }

  private static OrtEnvironment create(ThreadPool threads) throws OrtException {
    try (OrtEnvironment.ThreadingOptions pool = new OrtEnvironment.ThreadingOptions()) {
      pool.setGlobalIntraOpNumThreads(threads.threads());
      pool.setGlobalInterOpNumThreads(1);
      pool.setGlobalSpinControl(threads.spinning());
      return OrtEnvironment.getEnvironment(
          OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "ancestral", pool);
    }
  }
}
