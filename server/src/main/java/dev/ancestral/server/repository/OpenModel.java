package dev.ancestral.server.repository;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.signature.Signature;
import dev.ancestral.server.onnx.OnnxModel;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.OrtDenoiser;
import dev.ancestral.server.onnx.OrtDeviceChain;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network that was opened, and its description, after checking that the bundle and the ONNX
 * file's own metadata tell the same story. Not thread-safe.
 */
public final class OpenModel implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OpenModel.class.getName());

  private final Path file;
  private final Bundle bundle;
  private final OnnxRuntime runtime;
  private final OnnxModel model;
  private final @Nullable Signature adaptation;

  private OpenModel(
      Path file,
      Bundle bundle,
      OnnxRuntime runtime,
      OnnxModel model,
      @Nullable Signature adaptation) {
    this.file = file;
    this.bundle = bundle;
    this.runtime = runtime;
    this.model = model;
    this.adaptation = adaptation;
  }

  /**
   * Opens it. The caller closes it.
   *
   * @throws IllegalArgumentException naming the file and the field that is wrong
   * @throws IOException if a file cannot be read
   */
  public static OpenModel open(ModelLocation location, OnnxRuntime runtime) throws IOException {
    Path file = location.file();
    // Before the session: a bundle whose hashes are wrong is not worth opening.
    Optional<Bundle> described =
        location.lone() ? Optional.empty() : Optional.of(BundleFormat.read(location.path()));
    OnnxModel model = runtime.open(file);
    try {
      Bundle bundle = reconcile(file, described, model.metadata());
      if (!location.lone() && BundleFormat.isForeign(location.path())) {
        Signature signature = model.signature(bundle);
        if (!signature.isPlain()) {
          model.close();
          return adapted(file, bundle, runtime, signature);
        }
      }
      return new OpenModel(file, bundle, runtime, model, null);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static OpenModel adapted(
      Path file, Bundle bundle, OnnxRuntime runtime, Signature signature) {
    OnnxModel model;
    try {
      model = runtime.openAdapted(file, signature);
    } catch (IllegalArgumentException e) {
      throw new BundleException(
          String.valueOf(file.getFileName()),
          "as adapted (%s): %s".formatted(String.join("; ", signature.words()), e.getMessage()));
    }
    return new OpenModel(file, signature.adapted(bundle), runtime, model, signature);
  }

  private static Bundle reconcile(
      Path file, Optional<Bundle> described, Map<String, String> metadata) {
    if (described.isPresent()) {
      BundleFormat.requireAgreement(described.get(), metadata);
      return described.get();
    }
    if (!BundleFormat.isDescribed(metadata)) {
      throw new BundleException(
          String.valueOf(file.getFileName()),
          "has no ancestral.* metadata (expected: a bundle's directory, or a file that export wrote)");
    }
    return BundleFormat.fromMetadata(metadata);
  }

  /** What it is. */
  public Bundle bundle() {
    return bundle;
  }

  /** How another's inputs and output were understood, for people; empty where they are as ours. */
  public List<String> adaptations() {
    return adaptation == null ? List.of() : adaptation.words();
  }

  /** The most rows that a call may have where so many are wanted. */
  public int rows(int wanted) {
    return model.rows(wanted);
  }

  /**
   * The network, after checking that its inputs and its output are what the description says. The
   * caller closes it, and may close this before.
   *
   * @throws IllegalArgumentException naming the input or output that does not fit
   */
  public OrtDenoiser denoiser(int maxRows) {
    return model.denoiser(bundle, maxRows);
  }

  /**
   * The network as the engine runs it: on a GPU with the chain around it, since each call's numbers
   * pass through the host there, if it can be composed. The caller closes it.
   *
   * @throws IllegalArgumentException naming the input or output that does not fit
   * @throws IOException if the file cannot be read
   */
  public OrtDenoiser denoiserForServing(int maxRows) throws IOException {
    if (!runtime.device().isGpu()) {
      return denoiser(maxRows);
    }
    OrtDeviceChain chain;
    try {
      chain = chain(maxRows);
    } catch (IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "model %s takes single steps, since its chain cannot be opened: %s"
              .formatted(file, e.getMessage()));
      return denoiser(maxRows);
    }
    return model.denoiser(bundle, maxRows, chain);
  }

  /**
   * The chain around the network, a session of its own. The caller closes it.
   *
   * @throws IllegalArgumentException when the chain cannot be composed or opened
   * @throws IOException if the file cannot be read
   */
  public OrtDeviceChain chain(int maxRows) throws IOException {
    return runtime.openChain(file, adaptation, bundle, model.rows(maxRows));
  }

  /** Closes the network, unless {@link #denoiser} gave it away. */
  @Override
  public void close() {
    model.close();
  }
}
