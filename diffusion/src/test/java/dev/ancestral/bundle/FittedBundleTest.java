package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fitted chains in a bundle: beside what was there, whole or absent, and refused by name. */
class FittedBundleTest {
  private static final FittedTables FITTED = Bundles.fitted();

  private final Path directory;

  FittedBundleTest(@TempDir Path parent) {
    this.directory = parent.resolve("digits");
  }

  @BeforeEach
  void publish() throws IOException {
    BundleFormat.publish(directory, Bundles.full(), Bundles.files());
  }

  @Test
  void everyFieldSurvivesTheDisk_addedOrPublished() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    Bundle read = BundleFormat.read(directory);
    assertEquals(Bundles.full().withFitted(FITTED), read);
    assertEquals(
        List.of("chains", "a"),
        List.copyOf(Objects.requireNonNull(read.fitted()).provenance().keySet()),
        "in the order to show them");
    Map<String, String> added = contents();
    BundleFormat.publish(directory, read, Bundles.files());
    assertEquals(added, contents());
  }

  @Test
  void everyKindOfClippingSurvivesTheDisk() throws IOException {
    for (ClipRule rule : List.of(ClipRule.NONE, ClipRule.TO_DATA)) {
      Bundle bundle = clipping(rule);
      Clipping clipping = bundle.clipping();
      FittedTables fitted =
          new FittedTables("ddim:100", clipping, FITTED.tables(), FITTED.provenance());
      BundleFormat.publish(directory, bundle, Bundles.files());
      BundleFormat.addFitted(directory, fitted);
      assertEquals(fitted, BundleFormat.read(directory).fitted());
    }
  }

  private static Bundle clipping(ClipRule rule) {
    Bundle full = Bundles.full();
    SchedulerConfig old = full.scheduler();
    return new Bundle(
        new SchedulerConfig(
            old.betaSchedule(),
            old.schedule(),
            old.predictionType(),
            old.variance(),
            rule,
            old.spacing(),
            old.stepsOffset()),
        full.data(),
        full.continuousTimesteps(),
        full.conditioning(),
        full.recommended(),
        full.provenance(),
        full.parity());
  }

  @Test
  void theOtherFilesAreNotWritten_soThatTheNetworkKeepsItsCalibration() throws IOException {
    Map<String, Object> before = identities();
    BundleFormat.addFitted(directory, FITTED);
    Map<String, Object> after = identities();
    assertNotEquals(before.remove("bundle.json"), after.remove("bundle.json"));
    after.keySet().removeIf(file -> file.startsWith("fitted-"));
    assertEquals(before, after);
  }

  @Test
  void whoDoesNotKnowFittedChains_findsTheBundleOfBefore() throws IOException {
    JsonObject before = json("bundle.json");
    BundleFormat.addFitted(directory, FITTED);
    JsonObject after = json("bundle.json");
    String file = fittedFile();
    assertEquals(
        Sha256.of(directory.resolve(file)), after.getAsJsonObject("files").get(file).getAsString());
    after.remove("fitted");
    after.getAsJsonObject("files").remove(file);
    assertEquals(before, after);
  }

  @Test
  void theSameChains_giveTheSameBytes() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    Map<String, String> once = contents();
    BundleFormat.addFitted(directory, FITTED);
    assertEquals(once, contents());
  }

  @Test
  void anotherFitTakesThePlaceOfTheOne_andWhatACrashLeftGoesWithIt() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    String first = fittedFile();
    Path orphan = directory.resolve("fitted-0123456789abcdef.json");
    Files.writeString(orphan, "of a process that was killed before it named this");
    // No process has that number.
    Path half = directory.resolve("." + orphan.getFileName() + ".999999999.tmp");
    Files.writeString(half, "of one that was killed while it wrote");
    assertEquals(FITTED, BundleFormat.read(directory).fitted());
    FittedTables other = lastTable();
    BundleFormat.addFitted(directory, other);
    assertEquals(other, BundleFormat.read(directory).fitted());
    assertNotEquals(first, fittedFile());
    assertTrue(Files.notExists(directory.resolve(first)));
    assertTrue(Files.notExists(orphan));
    assertTrue(Files.notExists(half));
  }

  /** Readers of before know these bytes, and a recipe names their tables. */
  @Test
  void chainsThatReadOneEstimateBack_areWrittenAsBeforeOthersCame() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    assertEquals("fitted-e34b0eb630e52cc3.json", fittedFile());
  }

  @Test
  void chainsThatReadTwoEstimatesBack_areOfAVersionThatReadersOfBeforeRefuse() throws IOException {
    FittedTables farther = Bundles.fittedFarther();
    BundleFormat.addFitted(directory, FITTED);
    assertEquals(1, json(fittedFile()).get("version").getAsInt());
    BundleFormat.addFitted(directory, farther);
    assertEquals(2, json(fittedFile()).get("version").getAsInt());
    assertEquals(farther, BundleFormat.read(directory).fitted());
  }

  @Test
  void whatWasMeasuredBetweenTwoWeights_survivesTheDisk() throws IOException {
    FittedTable table = FITTED.tables().get(1);
    List<FittedTable.Weighted> weighted = new ArrayList<>(table.weighted());
    FittedTable.Weighted first = weighted.get(0);
    FittedBetween half = new FittedBetween(0.25, new FittedProof(0.1, 0.05, 0.2, null));
    weighted.set(0, new FittedTable.Weighted(first.guidance(), first.steps(), first.proof(), half));
    FittedTables tables =
        new FittedTables(
            FITTED.teacher(),
            FITTED.clipping(),
            List.of(new FittedTable(table.timesteps(), weighted)),
            Map.of());
    BundleFormat.addFitted(directory, tables);
    assertEquals(tables, BundleFormat.read(directory).fitted());
  }

  @Test
  void whoReadsWhileOthersFit_findsTheOneOrTheOther() throws Exception {
    List<FittedTables> both = List.of(FITTED, lastTable());
    BundleFormat.addFitted(directory, FITTED);
    ExecutorService fits = Executors.newSingleThreadExecutor();
    try {
      Future<?> fitting =
          fits.submit(
              () -> {
                for (int i = 1; i <= 150; i++) {
                  BundleFormat.addFitted(directory, both.get(i % 2));
                }
                return null;
              });
      while (!fitting.isDone()) {
        assertTrue(both.contains(BundleFormat.read(directory).fitted()));
      }
      fitting.get();
    } finally {
      fits.shutdownNow();
    }
  }

  private static FittedTables lastTable() {
    return new FittedTables(
        FITTED.teacher(), FITTED.clipping(), FITTED.tables().subList(1, 2), FITTED.provenance());
  }

  @Test
  void aBundleWithoutThem_hasNone() throws IOException {
    assertNull(BundleFormat.read(directory).fitted());
  }

  @Test
  void theNetworksMetadata_neitherHaveThemNorMissThem() {
    Bundle fitted = Bundles.full().withFitted(FITTED);
    Map<String, String> metadata = BundleFormat.metadata(Bundles.full());
    assertEquals(metadata, BundleFormat.metadata(fitted));
    BundleFormat.requireAgreement(fitted, metadata);
  }

  @Test
  void chainsOfAnotherNetwork_areNotWritten() throws IOException {
    Map<String, String> before = contents();
    assertNotAdded(
        "fitted tables: clipping: threshold_quantile 0.9 in -0.5..2.0 (expected: none, as the model clips)",
        new FittedTables(
            "ddim:100", new DynamicThreshold(-0.5, 2, 0.9), FITTED.tables(), FITTED.provenance()));
    assertNotAdded(
        "fitted tables: tables[0].timesteps[0]: 4.0 (expected: 0..3, as the schedule has)",
        at(4.0));
    assertNotAdded(
        "fitted tables: tables[0].timesteps[0]: 2.5 (expected: a whole number, as the network takes no other)",
        at(2.5));
    assertEquals(before, contents());
  }

  private static FittedTables at(double timestep) {
    FittedTable one = FITTED.tables().get(0);
    return new FittedTables(
        "ddim:100",
        FITTED.clipping(),
        List.of(new FittedTable(List.of(timestep), one.weighted())),
        Map.of());
  }

  @Test
  void guidedChains_needAModelThatTakesGuidance() {
    Bundle points = Bundles.plainPoints();
    FittedTable one = FITTED.tables().get(0);
    FittedTable two = FITTED.tables().get(1);
    FittedTable shifted = new FittedTable(List.of(1.0, 0.0), two.weighted());
    assertEquals(
        "tables[0].weighted: guidance [-0.5, 1.0, 2.5] (expected: 1 alone, the model is unconditional)",
        assertThrows(
                IllegalArgumentException.class, () -> points.withFitted(tables(points, shifted)))
            .getMessage());
    FittedTable unguided = new FittedTable(List.of(1.0), one.weighted());
    assertEquals(
        List.of(unguided),
        Objects.requireNonNull(points.withFitted(tables(points, unguided)).fitted()).tables());
  }

  private static FittedTables tables(Bundle bundle, FittedTable... tables) {
    return new FittedTables("ddim:100", bundle.clipping(), List.of(tables), Map.of());
  }

  @Test
  void anothersDirectory_hasNoPlaceForThem() throws IOException {
    Files.delete(directory.resolve("bundle.json"));
    assertNotAdded(
        "bundle.json: is missing in %s (expected: a bundle of this program's, as others have no place for fitted tables)"
            .formatted(directory),
        FITTED);
  }

  @Test
  void aFileOfOtherBytes_isNamedWithBothHashes() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    String file = fittedFile();
    String expected = Sha256.of(directory.resolve(file));
    Files.writeString(directory.resolve(file), "{}");
    assertRefused(
        "%s: SHA-256 is %s (expected: %s, as bundle.json says)"
            .formatted(file, Sha256.of(directory.resolve(file)), expected));
  }

  @Test
  void aFileThatIsNotListed_isNamed() throws IOException {
    edit("bundle.json", "fitted", "{'file': 'other.json'}");
    assertRefused("bundle.json: files.other.json: is missing (expected: a string)");
    edit("bundle.json", "fitted", "{}");
    assertRefused("bundle.json: fitted.file: is missing (expected: a string)");
    edit("bundle.json", "fitted", "3");
    assertRefused("bundle.json: fitted: 3 (expected: an object)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "version | 3 | version: 3 (expected: 1 or 2)",
        "teacher | null | teacher: is missing (expected: a string)",
        "teacher | 'ddim' | teacher: ddim (expected: a sampler and its steps, such as ddim:100)",
        "clipping | 3 | clipping: 3 (expected: an object)",
        "clipping | {'min': 1} | clipping.max: is missing (expected: a number)",
        "clipping | {'min': 1, 'max': -1} | clipping.clip range: [1.0, -1.0] (expected: min below max)",
        "clipping | {'min': -0.5, 'max': 2} | clipping: -0.5..2.0 (expected: none, as the model clips)",
        "tables | [] | tables: none (expected: at least 1)",
        "tables | 'none' | tables: \"none\" (expected: a list of objects)",
        "tables.0.sha256 | 'ab' | tables[0].sha256: ab (expected: HASH, of its numbers)",
        "tables.0.timesteps | [2] | tables[0].sha256: HASH (expected: 2ca5, of its numbers)",
        "tables.0.timesteps | ['3'] | tables[0].timesteps[0]: \"3\" (expected: numbers)",
        "tables.0.timesteps | [3, 2] | tables[0].weighted[0].steps: 1 (expected: 2, one a timestep)",
        "tables.1.timesteps | [1, 3] | tables[1].timesteps[1]: 3.0 (expected: at least 0, and below the one before)",
        "tables.1.timesteps | [1e999, 3] | tables[1].timesteps[0]: Infinity (expected: at least 0, and below the one before)",
        "tables.0.weighted | [] | tables[0].weighted: none with guidance 1 (expected: one, for requests without guidance)",
        "tables.1.weighted.1.guidance | -1 | tables[1].weighted[1].guidance: -1.0 (expected: above the one before)",
        "tables.1.weighted.2.guidance | 1e9 | tables[1].weighted[2].guidance: 1.0E9 (expected: -100..100)",
        "tables.1.weighted.0.steps.1.x0 | 1e300 | tables[1].weighted[0].steps[1].x0: 1.0E300 (expected: -1e6..1e6)",
        "tables.1.weighted.0.steps.1.x0 | NaN | tables[1].weighted[0].steps[1].x0: \"NaN\" (expected: a number)",
        "tables.1.weighted.0.steps.0.previous | 1 | tables[1].weighted[0].steps[0].previous: 1.0 (expected: 0, as there is no step before)",
        "tables.1.weighted.0.steps.1.earlier | 1 | tables[1].weighted[0].steps[1].earlier: 1.0 (expected: 0, as there are no two steps before)",
        "tables.1.weighted.0.steps.1.earlier | '1' | tables[1].weighted[0].steps[1].earlier: \"1\" (expected: a number)",
        "tables.1.weighted.0.between | {'guidance': 9, 'distance': {'fitted': 1, 'ddim': 1, 'dpmpp-2m': 1}} | tables[1].weighted[0].between.guidance: 9.0 (expected: between this weight and the next one)",
        "tables.1.weighted.0.between | {'guidance': 0} | tables[1].weighted[0].between.distance: is missing (expected: an object)",
        "tables.1.weighted.0.proof | null | tables[1].weighted[0].proof: is missing (expected: an object)",
        "tables.1.weighted.0.proof.distance.ddim | -1 | tables[1].weighted[0].proof.distance.ddim: -1.0 (expected: at least 0, finite)",
        "tables.1.weighted.1.proof.comparison.recall | 2 | tables[1].weighted[1].proof.comparison.recall: 2.0 (expected: 0..1)",
        "tables.1.weighted.1.proof.comparison.samples | 0 | tables[1].weighted[1].proof.comparison.samples: 0 (expected: at least 1)",
      })
  void aFieldThatIsWrongIsNamed(String field, String value, String problem) throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    String file = fittedFile();
    edit(file, field, value);
    rehash(file);
    String hash = FITTED.tables().get(0).sha256();
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    String message = String.valueOf(e.getMessage());
    if (problem.contains("2ca5")) {
      assertTrue(
          message.startsWith(file + ": tables[0].sha256: " + hash + " (expected: "), message);
    } else {
      assertEquals(file + ": " + problem.replace("HASH", hash), message);
    }
  }

  /** Cuts, doubles and changes bytes: whatever comes of it is a bundle or a refusal. */
  @Test
  void aDamagedFile_isReadOrRefusedByItsName() throws IOException {
    BundleFormat.addFitted(directory, FITTED);
    String file = fittedFile();
    byte[] whole = Files.readAllBytes(directory.resolve(file));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      Files.write(directory.resolve(file), bytes);
      rehash(file);
      try {
        BundleFormat.read(directory);
      } catch (BundleException e) {
        refused++;
        assertTrue(
            String.valueOf(e.getMessage()).startsWith(file + ": "), "seed " + seed + ": " + e);
      }
    }
    assertTrue(refused > 100, "seed " + seed + ": refused " + refused);
  }

  private void assertNotAdded(String message, FittedTables tables) {
    assertEquals(
        message,
        assertThrows(BundleException.class, () -> BundleFormat.addFitted(directory, tables))
            .getMessage());
  }

  private void assertRefused(String message) {
    assertEquals(
        message,
        assertThrows(BundleException.class, () -> BundleFormat.read(directory)).getMessage());
  }

  private String fittedFile() throws IOException {
    return json("bundle.json").getAsJsonObject("fitted").get("file").getAsString();
  }

  private JsonObject json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(directory.resolve(file))).getAsJsonObject();
  }

  private void rehash(String file) throws IOException {
    JsonObject own = json("bundle.json");
    own.getAsJsonObject("files").addProperty(file, Sha256.of(directory.resolve(file)));
    Files.writeString(directory.resolve("bundle.json"), own.toString());
  }

  /** Sets a field, or with null removes it; a number in its path is an index. */
  private void edit(String file, String field, String value) throws IOException {
    JsonObject root = json(file);
    List<String> path = new ArrayList<>(List.of(field.split("\\.")));
    String name = path.remove(path.size() - 1);
    JsonElement holder = root;
    for (String part : path) {
      holder =
          holder instanceof JsonArray array
              ? array.get(Integer.parseInt(part))
              : holder.getAsJsonObject().get(part);
    }
    if (value.equals("null")) {
      holder.getAsJsonObject().remove(name);
    } else {
      holder.getAsJsonObject().add(name, JsonParser.parseString(value.replace('\'', '"')));
    }
    Files.writeString(directory.resolve(file), root.toString(), StandardCharsets.UTF_8);
  }

  /** Every file's content. */
  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files()) {
      contents.put(name(file), Sha256.of(file));
    }
    return contents;
  }

  /** Every file's place on the disk and the time of its last change. */
  private Map<String, Object> identities() throws IOException {
    Map<String, Object> identities = new TreeMap<>();
    for (Path file : files()) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      identities.put(name(file), List.of(attributes.fileKey(), attributes.lastModifiedTime()));
    }
    return identities;
  }

  private String name(Path file) {
    return directory.relativize(file).toString();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
