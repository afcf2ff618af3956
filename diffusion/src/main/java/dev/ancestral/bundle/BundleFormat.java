package dev.ancestral.bundle;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.files.AtomicDirectory;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.files.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bundle's format, version 1: its layout, its reading and its writing.
 *
 * <pre>
 * BUNDLE/
 *   model_index.json                  which pipeline this is, for diffusers
 *   unet/model.onnx                   inputs sample, timestep[, class_labels]; output out_sample
 *   unet/config.json                  the network, in diffusers' keys
 *   unet/diffusion_pytorch_model.safetensors   its weights, where diffusers has the network
 *   scheduler/scheduler_config.json   the noise schedule, in diffusers' keys; all levels always written
 *   bundle.json                       format version, data, classes, provenance, proof, SHA-256 of every other file
 *   preview.png                       samples, if there are any
 *   fitted-HASH.json                  chains that were fitted to the network, if there are any
 * </pre>
 *
 * A directory without {@code bundle.json} is someone else's and is read by what its configurations
 * say; with it, every hash must match and no path may leave the directory. The same facts travel in
 * the ONNX file's own metadata under {@code ancestral.*}, so that a lone file can be served.
 */
public final class BundleFormat {
  /** The network, relative to the bundle. */
  public static final String MODEL = "unet/model.onnx";

  /** Nobody fits so often at once. */
  private static final int MOST_ATTEMPTS = 10;

  /** Of a configuration: the levels of a hundred thousand timesteps are two. */
  static final long MOST_CONFIGURATION_BYTES = 16L << 20;

  private static final String INDEX = "model_index.json";
  private static final String UNET = "unet/config.json";
  private static final String WEIGHTS = "unet/diffusion_pytorch_model.safetensors";
  private static final String SCHEDULER = "scheduler/scheduler_config.json";
  private static final String OWN = "bundle.json";
  private static final String PREVIEW = "preview.png";
  static final String FILES = "files";
  private static final String METADATA_SCHEDULER = "ancestral.scheduler_config";
  private static final String METADATA_BUNDLE = "ancestral.bundle";
  static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private BundleFormat() {}

  /** Whether this directory claims to be a bundle, ours or a foreign one. */
  public static boolean isBundle(Path directory) {
    return Files.isRegularFile(directory.resolve(SCHEDULER))
        || Files.isRegularFile(directory.resolve(OWN));
  }

  /** Whether a bundle is somebody else's. */
  public static boolean isForeign(Path directory) {
    return !Files.exists(directory.resolve(OWN));
  }

  /**
   * Reads and checks a bundle.
   *
   * @throws BundleException naming the file, the field and the expectation
   * @throws IOException if a file cannot be read
   */
  public static Bundle read(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      require(directory, MODEL);
      if (isForeign(directory)) {
        return ForeignBundle.read(document(directory, UNET), foreignScheduler(directory));
      }
      List<Object> own = state(directory.resolve(OWN));
      try {
        return readOwn(directory);
      } catch (BundleException | IOException e) {
        // A fit may have put another file in the place of one that was named: then it is read anew.
        if (attempt == MOST_ATTEMPTS || own.equals(state(directory.resolve(OWN)))) {
          throw e;
        }
      }
    }
  }

  /** What no file has that takes this one's place, though it may have the same content. */
  private static List<Object> state(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return List.of(
        Sha256.of(file), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey()));
  }

  private static Bundle readOwn(Path directory) throws IOException {
    JsonDocument own = document(directory, OWN);
    BundleJson.requireVersion(own);
    checkHashes(directory, own);
    Bundle bundle = BundleJson.read(own, scheduler(directory));
    Optional<String> fitted = FittedFile.name(own);
    return fitted.isEmpty()
        ? bundle
        : FittedFile.into(bundle, fitted.get(), document(directory, fitted.get()));
  }

  /**
   * Puts fitted chains into a bundle, in place of those that it has. Nothing else of it is written:
   * the chains are a new file, and {@code bundle.json}, which names it, is replaced in one step. So
   * a crash leaves the old bundle or the new one, beside a file that nobody names at most.
   *
   * @throws BundleException if the bundle cannot be read or is somebody else's, or the chains are
   *     not of its network
   * @throws IOException if a file cannot be read or written
   */
  public static void addFitted(Path directory, FittedTables tables) throws IOException {
    if (isForeign(directory)) {
      throw new BundleException(
          OWN,
          "is missing in %s (expected: a bundle of this program's, as others have no place for fitted tables)"
              .formatted(directory));
    }
    Bundle bundle = read(directory);
    try {
      bundle.withFitted(tables);
    } catch (IllegalArgumentException e) {
      throw new BundleException("fitted tables", String.valueOf(e.getMessage()));
    }
    AtomicFile.sweep(directory);
    JsonObject own =
        JsonParser.parseString(Files.readString(directory.resolve(OWN))).getAsJsonObject();
    JsonObject hashes = own.getAsJsonObject(FILES);
    FittedFile.write(directory, tables, own, hashes);
    AtomicFile.writeString(directory.resolve(OWN), GSON.toJson(own) + "\n");
    FittedFile.deleteUnnamed(directory, hashes);
  }

  /**
   * Writes a bundle under a temporary name and renames it into place: {@code target} is the old
   * bundle or the whole new one.
   *
   * @throws IOException if a part cannot be written; nothing is then left behind
   */
  public static void publish(Path target, Bundle bundle, BundleFiles files) throws IOException {
    AtomicDirectory.write(
        target,
        directory -> {
          writeFile(directory.resolve(MODEL), files.model());
          writeText(directory.resolve(UNET), GSON.toJson(files.unetConfig()));
          writeText(
              directory.resolve(SCHEDULER),
              GSON.toJson(SchedulerJson.write(bundle.scheduler(), bundle.data())));
          writeText(directory.resolve(INDEX), GSON.toJson(index(bundle, files)));
          List<String> written = new ArrayList<>(List.of(INDEX, MODEL, UNET, SCHEDULER));
          if (writeIfAny(directory.resolve(WEIGHTS), files.weights())) {
            written.add(WEIGHTS);
          }
          if (writeIfAny(directory.resolve(PREVIEW), files.preview())) {
            written.add(PREVIEW);
          }
          JsonObject hashes = new JsonObject();
          for (String file : written) {
            hashes.addProperty(file, Sha256.of(directory.resolve(file)));
          }
          JsonObject own = BundleJson.write(bundle);
          own.add(FILES, hashes);
          FittedTables fitted = bundle.fitted();
          if (fitted != null) {
            FittedFile.write(directory, fitted, own, hashes);
          }
          writeText(directory.resolve(OWN), GSON.toJson(own));
        });
  }

  /**
   * The facts for the ONNX file's {@code metadata_props}. The proof is left out: it is made on the
   * finished file.
   */
  public static Map<String, String> metadata(Bundle bundle) {
    Gson compact = new Gson();
    return Map.of(
        METADATA_SCHEDULER, compact.toJson(SchedulerJson.write(bundle.scheduler(), bundle.data())),
        METADATA_BUNDLE, compact.toJson(BundleJson.write(bundle.withParity(List.of()))));
  }

  /** Whether an ONNX file's metadata carry the facts. */
  public static boolean isDescribed(Map<String, String> metadata) {
    return metadata.containsKey(METADATA_BUNDLE);
  }

  /**
   * The facts from an ONNX file's {@code metadata_props}.
   *
   * @throws BundleException naming the key and the field
   */
  public static Bundle fromMetadata(Map<String, String> metadata) {
    return BundleJson.read(
        fromMetadata(metadata, METADATA_BUNDLE),
        SchedulerJson.read(fromMetadata(metadata, METADATA_SCHEDULER)));
  }

  /**
   * Checks that the facts in the ONNX file's {@code metadata_props}, where it carries any, are
   * those of the files around it.
   *
   * @throws BundleException naming the first field in which they disagree
   */
  public static void requireAgreement(Bundle bundle, Map<String, String> metadata) {
    if (isDescribed(metadata)) {
      fromMetadata(metadata)
          .disagreementWith(bundle)
          .ifPresent(
              field -> {
                throw new BundleException(
                    MODEL,
                    field + ": its metadata disagree with the bundle's files (expected: the same)");
              });
    }
  }

  private static JsonDocument fromMetadata(Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new BundleException("ONNX metadata", key + ": is missing");
    }
    return JsonDocument.parse("ONNX metadata " + key, text);
  }

  /**
   * What was understood of somebody else's scheduler, by label, for people; empty for our own
   * bundles.
   *
   * @throws BundleException naming the file, the field and the expectation
   * @throws IOException if a file cannot be read
   */
  public static Map<String, String> foreignWords(Path directory) throws IOException {
    return isForeign(directory) ? foreignScheduler(directory).words() : Map.of();
  }

  private static ForeignScheduler foreignScheduler(Path directory) throws IOException {
    Optional<String> indexed =
        Files.exists(directory.resolve(INDEX))
            ? ForeignBundle.schedulerClass(document(directory, INDEX))
            : Optional.empty();
    return ForeignScheduler.read(document(directory, SCHEDULER), indexed);
  }

  /**
   * The scheduler alone of a bundle, ours or a foreign one, which need not have a graph.
   *
   * @throws BundleException naming the file, the field and the expectation
   * @throws IOException if the file cannot be read
   */
  public static SchedulerConfig readScheduler(Path directory) throws IOException {
    return isForeign(directory) ? foreignScheduler(directory).config() : scheduler(directory);
  }

  private static SchedulerConfig scheduler(Path directory) throws IOException {
    return SchedulerJson.read(document(directory, SCHEDULER));
  }

  /**
   * Points, variance-exploding chains, and networks and predictions that diffusers has no word for
   * are no pipeline that it knows, nor is a learned logarithm of the variance, which it takes for
   * the variance itself; so nothing is claimed for them, nor where it has no weights to load.
   */
  private static JsonObject index(Bundle bundle, BundleFiles files) {
    JsonObject index = new JsonObject();
    NoiseSchedule schedule = bundle.scheduler().schedule();
    boolean knownPrediction =
        switch (bundle.scheduler().predictionType()) {
          case EPSILON, SAMPLE, V -> true;
          case SCORE, POSTERIOR_MEAN -> false;
        };
    String network = String.valueOf(files.unetConfig().get("_class_name"));
    if (bundle.data().isImage()
        && schedule.isVariancePreserving()
        && knownPrediction
        && bundle.scheduler().variance() != Variance.LEARNED
        && files.weights() != null) {
      index.addProperty("_class_name", "DDPMPipeline");
    }
    index.add("unet", component(network));
    index.add("scheduler", component(SchedulerJson.className(schedule)));
    return index;
  }

  private static JsonArray component(String className) {
    JsonArray component = new JsonArray();
    component.add("diffusers");
    component.add(className);
    return component;
  }

  private static void checkHashes(Path directory, JsonDocument own) throws IOException {
    JsonDocument hashes = own.object(FILES);
    for (String required : List.of(MODEL, SCHEDULER)) {
      hashes.text(required);
    }
    for (String file : hashes.names()) {
      require(directory, file);
      String actual = Sha256.of(directory.resolve(file));
      if (!actual.equals(hashes.text(file))) {
        throw new BundleException(
            file,
            "SHA-256 is %s (expected: %s, as %s says)".formatted(actual, hashes.text(file), OWN));
      }
    }
  }

  /** The file exists inside the bundle, also after following links. */
  private static void require(Path directory, String file) throws IOException {
    Path path;
    try {
      path = directory.resolve(file);
    } catch (InvalidPathException e) {
      throw new BundleException(OWN, "files: " + file + " is no path");
    }
    if (!path.normalize().startsWith(directory.normalize()) || Path.of(file).isAbsolute()) {
      throw new BundleException(
          OWN, "files: " + file + " leaves the bundle (expected: a path inside it)");
    }
    if (!Files.isRegularFile(path)) {
      throw new BundleException(file, "is missing in " + directory);
    }
    if (!path.toRealPath().startsWith(directory.toRealPath())) {
      throw new BundleException(
          file, "is a link that leaves the bundle (expected: a file inside it)");
    }
  }

  private static JsonDocument document(Path directory, String file) throws IOException {
    require(directory, file);
    Path path = directory.resolve(file);
    long bytes = Files.size(path);
    if (bytes > MOST_CONFIGURATION_BYTES) {
      throw new BundleException(
          file, "%d bytes (expected: at most %d)".formatted(bytes, MOST_CONFIGURATION_BYTES));
    }
    try {
      return JsonDocument.parse(file, Files.readString(path));
    } catch (CharacterCodingException e) {
      throw new BundleException(file, "is not UTF-8 text (expected: JSON)");
    }
  }

  /** Whether there was something to write. */
  private static boolean writeIfAny(Path path, AtomicFile.@Nullable Writer writer)
      throws IOException {
    if (writer == null) {
      return false;
    }
    writeFile(path, writer);
    return true;
  }

  private static void writeText(Path path, String text) throws IOException {
    writeFile(path, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  private static void writeFile(Path path, AtomicFile.Writer writer) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (OutputStream out = Files.newOutputStream(path)) {
      writer.writeTo(out);
    }
  }
}
