package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each way in which a bundle can be wrong is answered with the file, the field, the expectation.
 */
class BrokenBundleTest {
  private static final String OWN = "bundle.json";
  private static final String SCHEDULER = "scheduler/scheduler_config.json";

  private final Path parent;
  private final Path directory;

  BrokenBundleTest(@TempDir Path parent) {
    this.parent = parent;
    this.directory = parent.resolve("digits");
  }

  @BeforeEach
  void publish() throws IOException {
    BundleFormat.publish(directory, Bundles.full(), Bundles.files());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unet/model.onnx",
        "unet/config.json",
        SCHEDULER,
        "model_index.json",
        "preview.png"
      })
  void aFileWithAnotherContentIsNamedWithBothHashes(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(file));
    String expected = sha256(bytes);
    bytes[bytes.length / 2] ^= 1;
    Files.write(directory.resolve(file), bytes);
    assertRefused(
        "%s: SHA-256 is %s (expected: %s, as bundle.json says)"
            .formatted(file, sha256(bytes), expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet/model.onnx", "unet/config.json", SCHEDULER, "preview.png"})
  void aMissingFileIsNamed(String file) throws IOException {
    Files.delete(directory.resolve(file));
    assertRefused("%s: is missing in %s".formatted(file, directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "/etc/hostname", "unet/../../outside"})
  void aPathThatLeavesTheBundleIsNotFollowed(String path) throws IOException {
    Files.writeString(parent.resolve("outside"), "secret");
    edit(OWN, "files." + path, "'" + "0".repeat(64) + "'");
    assertRefused(
        "bundle.json: files: %s leaves the bundle (expected: a path inside it)".formatted(path));
  }

  @Test
  void aLinkThatLeavesTheBundleIsNotFollowed() throws IOException {
    Path outside = parent.resolve("outside");
    Files.move(directory.resolve("unet/model.onnx"), outside);
    Files.createSymbolicLink(directory.resolve("unet/model.onnx"), outside);
    assertRefused("unet/model.onnx: is a link that leaves the bundle (expected: a file inside it)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "version | 2 | version: 2 (expected: 1)",
        "version | null | version: is missing (expected: an integer)",
        "version | 1.5 | version: 1.5 (expected: an integer)",
        "timestep | 'sometimes' | timestep: sometimes (expected: continuous or discrete)",
        "timestep | 1 | timestep: 1 (expected: a string)",
        "data | 7 | data: 7 (expected: an object)",
        "data.shape | 'wide' | data.shape: \"wide\" (expected: a list of numbers)",
        "data.shape | [3, 'x', 4] | data.shape[1]: \"x\" (expected: numbers)",
        "data.shape | [3, 1.5, 4] | data.shape: [3.0, 1.5, 4.0] (expected: integers)",
        "data.range | [1] | data.range: [1.0] (expected: two numbers)",
        "data.levels | true | data.levels: true (expected: a number)",
        "files | null | files: is missing (expected: an object)",
        "files.unet/model.onnx | null | files.unet/model.onnx: is missing (expected: a string)",
        "conditioning.class_names | 3 | conditioning.class_names: 3 (expected: a list of strings)",
        "recommended.steps | 'all' | recommended.steps: \"all\" (expected: a number)",
        "recommended.options | 3 | recommended.options: 3 (expected: an object)",
        "recommended.options | {'eta': [1]} | recommended.options.eta: [1] (expected: a number, a string, true or false)",
        "recommended.guidance_weight | 'much' | recommended.guidance_weight: \"much\" (expected: a number)",
        "provenance.run | [] | provenance.run: [] (expected: a string)",
        "parity | [3] | parity[0]: 3 (expected: an object)",
        "parity | 3 | parity: 3 (expected: a list of objects)",
      })
  void aFieldOfTheWrongKindIsNamed(String field, String value, String problem) throws IOException {
    edit(OWN, field, value);
    assertRefused(OWN + ": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "data.shape | [3, 4] | data.shape: [3, 4] (expected: [channels, height, width] or [features], each at least 1)",
        "data.shape | [0] | data.shape: [0] (expected: [channels, height, width] or [features], each at least 1)",
        "data.range | [1, -1] | data.range: [1.0, -1.0] (expected: min below max)",
        "data.levels | 1 | data.levels: 1 (expected: 0 for continuous data, else at least 2)",
        "conditioning.num_classes | 0 | conditioning.num_classes: 0 (expected: at least 1)",
        "conditioning.num_classes | 3 | conditioning.class_names: 2 names (expected: 3)",
        "recommended.steps | 0 | recommended.steps: 0 (expected: at least 1)",
        "recommended.options | {'eta': 2} | recommended.options.eta: 2.0 (expected: 0..1)",
        "recommended.options | {'rederive_epsilon': 1} | recommended.options.rederive_epsilon: 1.0 (expected: true or false)",
        "recommended.options | {'etta': 1} | recommended.options.etta: unknown name 'etta' (expected one of: steps_offset, round_timesteps, eta, rederive_epsilon, by_stride, final_level, karras, lower_order_final, solver_order, solver_type, initial_scale, approximation, growth, kappa, step_size, decay, temperature; did you mean eta?)",
        "recommended.guidance_weight | 101 | recommended.guidance_weight: 101.0 (expected: -100..100)",
        "recommended.guidance_weight | 1 | recommended.guidance_rescale: 0.7 (expected: 0, or a guidance_weight other than 1)",
        "recommended.guidance_rescale | -1 | recommended.guidance_rescale: -1.0 (expected: 0..1)",
        "conditioning.null_label | null | recommended.guidance_weight: 2.0 (expected: 1, the model has no null label)",
        "conditioning | null | recommended.guidance_weight: 2.0 (expected: 1, the model is unconditional)",
        "conditioning.null_label | 0 | conditioning.null_label: 0 (expected: 2)",
      })
  void valuesThatMakeNoSenseAreNamed(String field, String value, String problem)
      throws IOException {
    edit(OWN, field, value);
    assertRefused(OWN + ": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "num_train_timesteps | 1000 | num_train_timesteps: 1000 (expected: 4, as trained_betas has)",
        "num_train_timesteps | null | num_train_timesteps: is missing (expected: an integer)",
        "trained_betas | 'linear' | trained_betas: \"linear\" (expected: a list of numbers)",
        "rescale_betas_zero_snr | true | rescale_betas_zero_snr: true (expected: false, with the rescaled trained_betas)",
        "clip_sample | 1 | clip_sample: 1 (expected: true or false)",
      })
  void aScheduleThatContradictsItselfIsNamed(String field, String value, String problem)
      throws IOException {
    editAndRehash(field, value);
    assertRefused(SCHEDULER + ": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trained_betas | [0.1, 2, 0.1, 0.1]",
        "trained_betas | []",
        "prediction_type | 'noise'",
        "variance_type | 'fixed_large_log'",
        "timestep_spacing | 'odd'",
      })
  void aScheduleThatNobodyKnowsIsNamedWithItsValue(String field, String value) throws IOException {
    editAndRehash(field, value);
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(SCHEDULER + ": " + field + ": "), message);
    assertTrue(message.contains("expected"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "nothing at all {"})
  void aFileThatIsNoJsonObjectIsNamed(String text) throws IOException {
    Files.writeString(directory.resolve(OWN), text);
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    assertTrue(String.valueOf(e.getMessage()).startsWith("bundle.json: is not "), e.getMessage());
  }

  @Test
  void theVersionIsReadBeforeAnythingElseIsBelieved() throws IOException {
    edit(OWN, "version", "2");
    Files.delete(directory.resolve("preview.png"));
    assertRefused("bundle.json: version: 2 (expected: 1)");
  }

  private void assertRefused(String message) {
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    assertEquals(message, e.getMessage());
  }

  private void editAndRehash(String field, String value) throws IOException {
    edit(SCHEDULER, field, value);
    edit(
        OWN,
        "files." + SCHEDULER,
        "'" + sha256(Files.readAllBytes(directory.resolve(SCHEDULER))) + "'");
  }

  /** Sets or, with null, removes a field; only the first dot separates. */
  private void edit(String file, String field, String value) throws IOException {
    JsonElement root = JsonParser.parseString(Files.readString(directory.resolve(file)));
    JsonObject object = root.getAsJsonObject();
    String name = field;
    int dot = field.indexOf('.');
    if (dot > 0) {
      object = object.getAsJsonObject(field.substring(0, dot));
      name = field.substring(dot + 1);
    }
    if (value.equals("null")) {
      object.remove(name);
    } else {
      object.add(name, JsonParser.parseString(value.replace('\'', '"')));
    }
    Files.writeString(directory.resolve(file), root.toString(), StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
