package dev.ancestral.server.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where ONNX Runtime will take its native libraries from, found out without loading them. It looks
 * in the directory that {@code onnxruntime.native.path} names, if it is set, else on the class
 * path.
 */
public sealed interface OnnxNatives {
  /** The system property. */
  String PROPERTY = "onnxruntime.native.path";

  /** The part that uses CUDA. */
  String CUDA = "onnxruntime_providers_cuda";

  /** Why its CUDA part will not be loaded; empty if it will. */
  Optional<String> cudaObstacle();

  /** Where the libraries come from, for people; empty for the usual place. */
  Optional<String> origin();

  /**
   * Looks for what every process needs.
   *
   * @throws IllegalArgumentException naming the library that is missing
   */
  void check();

  /** What this process will load. */
  static OnnxNatives ofThisProcess() {
    String directory = System.getProperty(PROPERTY);
    if (directory != null) {
      return new InDirectory(Path.of(directory));
    }
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    String resource =
        "ai/onnxruntime/native/%s/%s"
            .formatted(windows ? "win-x64" : "linux-x64", System.mapLibraryName(CUDA));
    return new OnClassPath(OnnxNatives.class.getClassLoader().getResource(resource) != null);
  }

  /**
   * In the jar.
   *
   * @param cuda whether the CUDA part is in it
   */
  record OnClassPath(boolean cuda) implements OnnxNatives {
    @Override
    public Optional<String> cudaObstacle() {
      return cuda ? Optional.empty() : Optional.of("this build has the CPU-only ONNX Runtime");
    }

    @Override
    public Optional<String> origin() {
      return Optional.empty();
    }

    @Override
    public void check() {
      // The jar is whole.
    }
  }

  /** In a directory. What is missing there is not looked for elsewhere. */
  record InDirectory(Path directory) implements OnnxNatives {
    /** Its CUDA part is loaded by way of another. */
    private static final List<String> FOR_CUDA = List.of("onnxruntime_providers_shared", CUDA);

    private static final List<String> ALWAYS = List.of("onnxruntime", "onnxruntime4j_jni");

    @Override
    public Optional<String> cudaObstacle() {
      return missing(FOR_CUDA).map(file -> "%s: has no %s".formatted(origin().orElseThrow(), file));
    }

    @Override
    public Optional<String> origin() {
      return Optional.of("%s (%s)".formatted(directory, PROPERTY));
    }

    @Override
    public void check() {
      missing(ALWAYS)
          .ifPresent(
              file -> {
                throw new IllegalArgumentException(
                    "%s: %s: has no %s (expected: a directory with ONNX Runtime's libraries)"
                        .formatted(PROPERTY, directory, file));
              });
    }

    private Optional<String> missing(List<String> libraries) {
      return libraries.stream()
          .map(System::mapLibraryName)
          .filter(file -> !Files.isRegularFile(directory.resolve(file)))
          .findFirst();
    }
  }
}
