package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What ONNX Runtime is told of a GPU, in the server and where it is measured alone. */
public final class Providers {
  /**
   * Of CUDA. CUDA graphs stay off, as they are by default: they replay a run's addresses, and
   * without I/O binding, which the Java API has not, its inputs may be elsewhere by then.
   */
  static final Map<String, String> CUDA =
      Map.of(
          // The default doubles the arena each time it grows.
          "arena_extend_strategy", "kSameAsRequested",
          // Choosing by a race gives another winner at another start, and a sample other bits.
          "cudnn_conv_algo_search", "HEURISTIC",
          // A bundle's proof is in float32, and so is the answer: TF32 has ten bits of mantissa.
          "use_tf32", "0");

  private Providers() {}

  /**
   * Of TensorRT.
   *
   * @param cache where its engines are kept, which take minutes to build
   */
  static Map<String, String> tensorRt(Path cache) {
    return Map.of(
        "trt_engine_cache_enable",
        "1",
        "trt_engine_cache_path",
        cache.toString(),
        "trt_timing_cache_enable",
        "1",
        "trt_timing_cache_path",
        cache.toString());
  }

  /**
   * Where TensorRT's engines are kept. ONNX Runtime names the files in it after graph and hardware,
   * so that all models may share it. Not beside the bundle, which may be read only.
   */
  static Path cacheDirectory(@Nullable String xdgCacheHome, String userHome) {
    Path caches =
        xdgCacheHome == null || xdgCacheHome.isBlank()
            ? Path.of(userHome, ".cache")
            : Path.of(xdgCacheHome);
    return caches.resolve("ancestral").resolve("tensorrt");
  }

  /**
   * Makes it with all above it: ONNX Runtime makes the last directory alone.
   *
   * @throws IllegalArgumentException naming it, when it cannot be made
   */
  static Path made(Path cache) {
    try {
      return Files.createDirectories(cache);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "tensorrt: %s cannot be made (expected: a place for its engines; XDG_CACHE_HOME names another)"
              .formatted(cache),
          e);
    }
  }

  /**
   * Adds what a device needs, in the order in which the providers are asked to take a node; nothing
   * for the CPU.
   *
   * @throws OrtException when ONNX Runtime has not the provider, or the provider not the device
   * @throws IllegalArgumentException when there is no place for TensorRT's engines
   */
  public static void add(SessionOptions options, Device device) throws OrtException {
    if (device.kind() == Device.Kind.TENSORRT) {
      Path cache =
          cacheDirectory(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home", ""));
      try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(device.ordinal())) {
        for (Map.Entry<String, String> option : tensorRt(made(cache)).entrySet()) {
          tensorRt.add(option.getKey(), option.getValue());
        }
        options.addTensorrt(tensorRt);
      }
    }
    if (device.isGpu()) {
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.ordinal())) {
        for (Map.Entry<String, String> option : CUDA.entrySet()) {
          cuda.add(option.getKey(), option.getValue());
        }
        options.addCUDA(cuda);
      }
    }
  }
}
