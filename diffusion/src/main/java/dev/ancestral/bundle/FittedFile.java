package dev.ancestral.bundle;

import com.google.gson.JsonObject;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a bundle has its fitted chains: in a file named by its content, so that another one never
 * takes its place under the old hash, which {@code bundle.json} names under {@code fitted} and
 * lists among its files.
 */
final class FittedFile {
  private static final String KEY = "fitted";
  private static final String FILE = "file";
  private static final Pattern NAME = Pattern.compile("fitted-[0-9a-f]{16}\\.json");

  private FittedFile() {}

  /** The file's name; none in a bundle without fitted chains. */
  static Optional<String> name(JsonDocument own) {
    Optional<String> file = own.optionalObject(KEY).map(fitted -> fitted.text(FILE));
    // Listed there, it has been compared with its hash.
    file.ifPresent(own.object(BundleFormat.FILES)::text);
    return file;
  }

  /** The bundle with what the file says. */
  static Bundle into(Bundle bundle, String file, JsonDocument content) {
    FittedTables tables = FittedJson.read(content);
    try {
      return bundle.withFitted(tables);
    } catch (IllegalArgumentException e) {
      throw new BundleException(file, String.valueOf(e.getMessage()));
    }
  }

  /** Writes the file, and names it in {@code own} and {@code hashes} in place of another. */
  static void write(Path directory, FittedTables tables, JsonObject own, JsonObject hashes)
      throws IOException {
    String text = BundleFormat.GSON.toJson(FittedJson.write(tables)) + "\n";
    String hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    String file = "fitted-%s.json".formatted(hash.substring(0, 16));
    AtomicFile.writeString(directory.resolve(file), text);
    List.copyOf(hashes.keySet()).stream()
        .filter(name -> NAME.matcher(name).matches())
        .forEach(hashes::remove);
    hashes.addProperty(file, hash);
    JsonObject fitted = new JsonObject();
    fitted.addProperty(FILE, file);
    own.add(KEY, fitted);
  }

  /** Deletes what earlier fits left. */
  static void deleteUnnamed(Path directory, JsonObject hashes) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (NAME.matcher(name).matches() && !hashes.has(name)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
