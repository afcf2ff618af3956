package dev.ancestral.trainer.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.calls.CallsTable.Role;
import dev.ancestral.trainer.calls.CallsTable.Row;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.quality.Interval;
import dev.ancestral.trainer.run.Selection;
import dev.ancestral.trainer.run.TrainedNetwork;
import dev.ancestral.trainer.run.TrainingRun;
import dev.ancestral.trainer.sample.Chain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallsStudyTest {
  private static final CallsTask.Chosen TEACHER = CallsTask.Chosen.of("ddim:4");
  private static final int COUNT = 70;

  private static Path digits;
  private static Path points;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @BeforeAll
  static void train(@TempDir Path runs) throws IOException {
    digits = runs.resolve("digits");
    points = runs.resolve("points");
    train(digits, "digits", "data.source=builtin:digits", "network.block_out_channels=[8, 16]");
    train(points, "swiss-roll-ddpm", "data.source=builtin:swiss-roll", "network.width=16");
  }

  private static void train(Path run, String preset, String... settings) throws IOException {
    Map<String, Object> config = ConfigSources.preset(preset);
    for (String setting : settings) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    for (String setting : List.of("training.iterations=4", "training.batch=8")) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      TrainingRun.start(run, TrainingConfig.of(config), silent).run(() -> false);
    }
  }

  /** The first so many of some data, as if described so. */
  private record First(Dataset data, int size, DataDescription description) implements Dataset {
    @Override
    public void sample(int index, float[] out) {
      data.sample(index, out);
    }

    @Override
    public int label(int index) {
      return data.label(index);
    }
  }

  private static Dataset someDigits() {
    Dataset all = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
    return new First(all, 200, all.description());
  }

  /** No classifier can be trained on them, so their pixels are compared. */
  private static Dataset digitsWithoutClasses() {
    Dataset all = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
    DataDescription known = all.description();
    return new First(
        all,
        100,
        new DataDescription(
            known.source(), known.spec(), List.of(), known.standardization(), known.scaling()));
  }

  private CallsStudy study(
      Path run, Dataset data, @Nullable Path bundle, @Nullable Double guidance, String... names) {
    return new CallsStudy(
        run,
        Selection.DEFAULT,
        bundle,
        data,
        new CallsTask(List.of(2, 4), List.of(names), TEACHER, COUNT, guidance, 3),
        new PrintStream(told, true, StandardCharsets.UTF_8));
  }

  private CallsTable table() throws IOException {
    return new CallsFile(directory.resolve("out.csv")).read();
  }

  private static Row row(CallsTable table, String sampler, int calls) {
    return table.of(Role.SAMPLER).stream()
        .filter(row -> row.sampler().equals(sampler) && Objects.equals(row.calls(), calls))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void teachersOwnChain_isAsGoodAsTheTeacher_andFewerCallsAreNot() throws IOException {
    Path plot = directory.resolve("out.png");
    Path sheet = directory.resolve("sheet.png");
    String text = study(digits, someDigits(), null, null, "ddim", "ddpm").writeAndTell(plot, sheet);
    CallsTable table = table();
    assertTrue(text.startsWith(table.text()), text);
    Row same = row(table, "ddim", 4);
    assertEquals(new Interval(1, 1, 1), same.ratio());
    assertEquals(0.0, same.toTeacher());
    assertEquals(1.0, same.sharpness());
    assertEquals(table.of(Role.TEACHER).get(0).distance(), same.distance());
    assertEquals(table.of(Role.TEACHER).get(0).labels(), same.labels());
    Row fewer = row(table, "ddim", 2);
    assertTrue(Objects.requireNonNull(fewer.toTeacher()) > 0.01, fewer.toString());
    assertFalse(Objects.requireNonNull(fewer.ratio()).value() == 1, fewer.toString());
    assertNull(row(table, "ddpm", 4).toTeacher(), "its noise is its own");
    // Four iterations draw noise: real digits are far better, and known.
    Row data = table.of(Role.DATA).get(0);
    assertTrue(data.distance().value() < same.distance().value() / 5, text);
    assertTrue(Objects.requireNonNull(data.labels()) > 0.8, text);
    assertEquals(COUNT, data.samples());
    assertTrue(ImageIO.read(sheet.toFile()).getWidth() > 16 * 50, "sixteen seeds across");
    assertArrayEquals(Files.readAllBytes(plot), CallsStudy.redraw(directory.resolve("out.csv")));
    assertTrue(
        told().contains("70 samples by 5 chains, 16 calls for each seed: about 0:0"), told());
  }

  @Test
  void everySampleHasItsOwnSeed_whateverItsSlice_andHoweverManyThereAre() throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(points, WeightsKind.EMA, warning -> {})) {
      ChainPlan plan = Samplers.of("ddim").plan(network.facts().model(), SamplerOptions.ofSteps(3));
      List<float[]> many = new Drawing(network, 150, null, 3).draw(plan, done -> {});
      List<float[]> few = new Drawing(network, 10, null, 3).draw(plan, done -> {});
      assertArrayEquals(few.get(9), many.get(9), 1e-5f);
      assertEquals(
          150, many.stream().map(Arrays::toString).distinct().count(), "different samples");
    }
  }

  @Test
  void samplesAreThoseOfNoSeedThatAFitBeganWith() throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(points, WeightsKind.EMA, warning -> {})) {
      ChainPlan plan = Samplers.of("ddim").plan(network.facts().model(), SamplerOptions.ofSteps(3));
      List<float[]> drawn = new Drawing(network, 10, null, 3).draw(plan, done -> {});
      float[][] first =
          Chain.run(
              network.manager(),
              network::predict,
              plan,
              network.facts().data(),
              false,
              new Chain.Wanted(new long[10], null, 3),
              64,
              Chain.Watcher.NONE);
      assertFalse(Arrays.equals(first[9], drawn.get(9)), "it would be one that factors know");
    }
  }

  @Test
  void points_haveTheEnergyDistance_andNothingOfPictures() throws IOException {
    Dataset roll = Datasets.open("builtin:swiss-roll", DataOptions.DEFAULTS);
    study(points, roll, null, null)
        .writeAndTell(directory.resolve("out.png"), directory.resolve("s.png"));
    CallsTable table = table();
    assertEquals("energy, in the 2 numbers themselves", table.words().get(CallsTable.DISTANCE));
    assertTrue(
        table.samplers().containsAll(List.of("ddim", "ddpm", "dpmpp-2m", "euler")), table.text());
    Row ddim = row(table, "ddim", 2);
    assertNull(ddim.ratio());
    assertNull(ddim.sharpness());
    assertNull(ddim.labels());
    assertTrue(
        table.of(Role.DATA).get(0).distance().value() < ddim.distance().value(), table.text());
  }

  @Test
  void guidanceChangesTheSamples_andNeedsANullLabel() throws IOException {
    Path plot = directory.resolve("out.png");
    study(digits, digitsWithoutClasses(), null, 1.0, "ddim").writeAndTell(plot, null);
    Row plain = row(table(), "ddim", 2);
    assertNull(plain.labels());
    assertEquals("Fréchet, in the 64 numbers themselves", table().words().get(CallsTable.DISTANCE));
    study(digits, digitsWithoutClasses(), null, 3.0, "ddim").writeAndTell(plot, null);
    Row guided = row(table(), "ddim", 2);
    assertEquals("3.0", table().words().get("guidance"));
    assertFalse(plain.distance().equals(guided.distance()));
    Dataset roll = Datasets.open("builtin:swiss-roll", DataOptions.DEFAULTS);
    assertEquals(
        "--guidance: 3.0 (expected: 1, since the network knows no null label)",
        refusal(study(points, roll, null, 3.0)));
  }

  @Test
  void whatCannotBePlanned_isRefusedByName_andWritesNothing() throws IOException {
    assertTrue(
        refusal(study(digits, someDigits(), null, null, "ddim", "langevin"))
            .startsWith(
                "langevin with 2 calls: sampler: langevin needs a network that predicts the score"));
    assertTrue(
        refusal(study(digits, someDigits(), null, null, "fitted"))
            .startsWith("fitted with 2 calls: sampler: fitted needs tables"));
    assertTrue(refusal(study(digits, someDigits(), null, null, "dimm")).contains("ddim"));
    assertTrue(
        refusal(
                study(
                    digits, Datasets.open("builtin:swiss-roll", DataOptions.DEFAULTS), null, null))
            .startsWith("builtin:swiss-roll: shape [2], 0 levels"));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  private String refusal(CallsStudy study) {
    return String.valueOf(
        assertThrows(UserError.class, () -> study.writeAndTell(directory.resolve("out.png"), null))
            .getMessage());
  }

  @Test
  void bundleOfAnotherRun_orOfAnotherMoment_isRefusedByWhatDiffers() throws IOException {
    Bundle facts;
    try (TrainedNetwork network = TrainedNetwork.load(digits, WeightsKind.EMA, warning -> {})) {
      facts = network.facts();
    }
    Path own = bundle("own", facts);
    assertEquals(facts.provenance(), BundleOfRun.read(own, facts).provenance());
    Map<String, String> older = new LinkedHashMap<>(facts.provenance());
    older.put("iterations", "3");
    Path before = bundle("before", facts.withProvenance(older));
    assertEquals(
        before + ": iterations: 3 (expected: 4, as the run's weights have)",
        refusal(study(digits, someDigits(), before, null)));
    Bundle other;
    try (TrainedNetwork network = TrainedNetwork.load(points, WeightsKind.EMA, warning -> {})) {
      other = network.facts();
    }
    Path foreign = bundle("foreign", other);
    assertTrue(
        refusal(study(digits, someDigits(), foreign, null))
            .endsWith(" is not the run's (expected: a bundle that was exported from it)"));
  }

  @Test
  void fittedTablesOfTheBundle_takePart_atTheCallsThatTheyHave() throws IOException {
    Dataset roll = Datasets.open("builtin:swiss-roll", DataOptions.DEFAULTS);
    study(points, roll, fitted("fitted", points), null)
        .writeAndTell(directory.resolve("out.png"), null);
    assertTrue(table().samplers().contains("fitted"), table().text());
    assertTrue(told().contains("left out: fitted with 4 calls: steps: 4 (expected: 2"), told());
  }

  @Test
  void fittedTablesOfOtherGuidance_areRefused() throws IOException {
    CallsTask guided = new CallsTask(List.of(2), List.of("fitted"), TEACHER, COUNT, 2.0, 3);
    assertTrue(
        refusal(
                new CallsStudy(
                    digits,
                    Selection.DEFAULT,
                    fitted("fitted", digits),
                    digitsWithoutClasses(),
                    guided,
                    System.err))
            .startsWith("fitted with 2 calls: guidance_weight: 2.0 (expected: 1.0"));
  }

  /** A bundle of the run with a table of two calls, without guidance. */
  private Path fitted(String name, Path run) throws IOException {
    Bundle facts;
    try (TrainedNetwork network = TrainedNetwork.load(run, WeightsKind.EMA, warning -> {})) {
      facts = network.facts();
    }
    double last = facts.scheduler().schedule().timesteps() - 1;
    FittedTable table =
        new FittedTable(
            List.of(last, Math.rint(last / 3)),
            List.of(
                new FittedTable.Weighted(
                    1,
                    List.of(new FittedTable.Factors(0.5, 0.5, 0), new FittedTable.Factors(0, 1, 0)),
                    new FittedProof(0.1, 0.2, 0.2, null))));
    return bundle(
        name,
        facts.withFitted(new FittedTables("ddim:100", facts.clipping(), List.of(table), Map.of())));
  }

  private String told() {
    return told.toString(StandardCharsets.UTF_8);
  }

  private Path bundle(String name, Bundle facts) throws IOException {
    Path bundle = directory.resolve(name);
    BundleFormat.publish(bundle, facts, new BundleFiles(out -> out.write(1), Map.of(), null, null));
    return bundle;
  }
}
