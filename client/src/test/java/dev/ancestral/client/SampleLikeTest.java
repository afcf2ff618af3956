package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a drawn picture says of itself, and {@code --like}, which draws it again. */
@Timeout(60)
class SampleLikeTest {
  private static final Model TOY = Scripts.model(1L, 2L, 3L).toBuilder().setNumClasses(4).build();

  private final Path first;
  private final Path second;

  SampleLikeTest(@TempDir Path directory) {
    this.first = directory.resolve("first");
    this.second = directory.resolve("second");
  }

  private void draw(String... flags) {
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run = CommandRun.sample(server, first, flags);
      assertEquals(0, run.code(), run.err());
    }
  }

  /** The request that {@code --like} a file and more flags makes. */
  private SampleRequest again(Path like, String... flags) {
    return again(List.of(TOY), like, flags);
  }

  private SampleRequest again(List<Model> models, Path like, String... flags) {
    try (FakeServer server = FakeServer.start(models, Scripts.sampling(TOY))) {
      CommandRun run = CommandRun.sample(server, second, flags(like, flags));
      assertEquals(0, run.code(), run.err());
      return server.requests.remove();
    }
  }

  private String refused(List<Model> models, Path like, String... flags) {
    try (FakeServer server = FakeServer.start(models, Scripts.sampling(TOY))) {
      CommandRun run = CommandRun.sample(server, second, flags(like, flags));
      assertEquals(1, run.code());
      assertTrue(server.requests.isEmpty(), "nothing is drawn");
      return run.err();
    }
  }

  private static String[] flags(Path like, String... flags) {
    List<String> all = new ArrayList<>(List.of("--like", like.toString()));
    all.addAll(List.of(flags));
    return all.toArray(String[]::new);
  }

  @Test
  void aPictureIsDrawnAgain_toTheByte() throws IOException {
    draw("-n", "3", "--seed", "7", "--label", "2", "--label", "1", "--eta", "0.5", "--first", "4");
    assertEquals(
        SampleRequest.newBuilder()
            .setModel("toy")
            .setNumSamples(1)
            .setSeed(7)
            .setSampler("ddim")
            .setSteps(Scripts.STEPS)
            .setEta(0.5)
            .setFirstIndex(5)
            .addLabels(1)
            .setEncoding(Encoding.ENCODING_FLOAT32)
            .setMaxMessageBytes(64 << 20)
            .build(),
        again(first.resolve("005.png")));
    assertArrayEquals(
        Files.readAllBytes(first.resolve("005.png")),
        Files.readAllBytes(second.resolve("005.png")));
  }

  @Test
  void theSheetAndTheRequestFileAreAllOfThem() throws IOException {
    draw("-n", "3", "--seed", "7", "--label", "2", "--label", "1");
    for (String file : List.of("grid.png", "request.json")) {
      SampleRequest request = again(first.resolve(file));
      assertEquals(3, request.getNumSamples());
      assertEquals(List.of(2, 1), request.getLabelsList());
      for (String name : Pictures.names(first)) {
        assertArrayEquals(
            Files.readAllBytes(first.resolve(name)),
            Files.readAllBytes(second.resolve(name)),
            name);
      }
    }
  }

  @Test
  void otherFlagsChangeWhatThePictureSays() {
    draw("-n", "1", "--seed", "7", "--respacing", "ddim10", "--label", "2");
    SampleRequest request =
        again(first.resolve("000.png"), "--seed", "8", "-n", "2", "--steps", "3", "--label", "0");
    assertEquals(8, request.getSeed());
    assertEquals(2, request.getNumSamples());
    assertEquals(3, request.getSteps());
    assertEquals("", request.getRespacing(), "which says the steps in another way");
    assertEquals(List.of(0), request.getLabelsList());
  }

  @Test
  void anotherSamplerTakesNoneOfTheSettingsOfTheFirst_andThatIsSaid() {
    draw("-n", "1", "--seed", "7", "--eta", "0.5", "--clip");
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run =
          CommandRun.sample(server, second, flags(first.resolve("000.png"), "--sampler", "ddpm"));
      SampleRequest request = server.requests.remove();
      assertEquals("ddpm", request.getSampler());
      assertTrue(request.getClip() && !request.hasEta() && !request.hasSteps(), "" + request);
      assertTrue(
          run.out().contains("ddpm in place of ddim: left to the model are steps, eta"), run.out());
    }
  }

  @Test
  void theNetworkMustBeTheSame_whateverItsName() {
    draw("-n", "1", "--seed", "7");
    Path like = first.resolve("000.png");
    Model other = TOY.toBuilder().setNetworkSha256("cd".repeat(32)).build();
    Model renamed = TOY.toBuilder().setName("renamed").build();
    assertEquals("renamed", again(List.of(other, renamed), like).getModel());
    assertEquals("toy", again(List.of(renamed, TOY), like).getModel());
    assertEquals("renamed", again(List.of(TOY, renamed), like, "--model", "renamed").getModel());
    assertEquals(
        "error: --like: %s: was drawn by network abababababab (expected: cdcdcdcdcdcd, which model toy is here)"
            .formatted(like),
        refused(List.of(other), like));
    assertEquals(
        "error: --like: %s: was drawn by network abababababab (expected: cdcdcdcdcdcd, which model toy is here)"
            .formatted(like),
        refused(List.of(other, renamed), like, "--model", "toy"));
    assertEquals(
        "error: --like: %s: was drawn by network abababababab of model toy, which is not served (expected one of: else)"
            .formatted(like),
        refused(List.of(other.toBuilder().setName("else").build()), like));
  }

  @Test
  void givenNoiseHasToBeGivenAgain() throws IOException {
    Path noise = first.resolveSibling("noise.npy");
    Npy.write(noise, new FloatTensor(List.of(1L, 1L, 2L, 3L), Scripts.values(0, 6)));
    draw("--initial-noise", noise.toString());
    Path like = first.resolve("000.png");
    String refusal = refused(List.of(TOY), like);
    assertTrue(
        refusal.startsWith(
            "error: --like: %s: was drawn from given noise (expected: --initial-noise with it, SHA-256 "
                .formatted(like)),
        refusal);
    assertTrue(again(like, "--initial-noise", noise.toString()).hasInitialNoise());
  }

  @Test
  void whatHasNoRecipeIsRefusedByName() throws IOException {
    draw("-n", "1");
    Path plain = Files.write(first.resolveSibling("plain.png"), plainPng());
    assertEquals(
        "error: --like: %s: has no recipe in it (expected: a picture as it was drawn; other programs drop its text)"
            .formatted(plain),
        refused(List.of(TOY), plain));
    Path text = Files.writeString(first.resolveSibling("text"), "{\"version\": 2}");
    assertEquals(
        "error: --like: %s: version: 2 (expected: 1)".formatted(text), refused(List.of(TOY), text));
    Path gif = Files.writeString(first.resolveSibling("chain.gif"), "GIF89a");
    assertEquals(
        "error: --like: %s: is no recipe (expected: a JSON object)".formatted(gif),
        refused(List.of(TOY), gif));
    Path missing = first.resolve("missing.png");
    assertEquals(
        "error: --like: %s: cannot be read: not found (expected: a picture that was drawn here, or request.json)"
            .formatted(missing),
        refused(List.of(TOY), missing));
  }

  private byte[] plainPng() throws IOException {
    return dev.ancestral.picture.Pixels.png(Pictures.read(first.resolve("000.png")));
  }

  @Test
  void aStateOnTheWayIsSaidToBeOne() throws IOException {
    draw("-n", "1", "--seed", "7");
    Recipe recipe =
        Recipe.parse(Files.readString(first.resolve("request.json"))).at(new Recipe.State(6, "xt"));
    Path frame =
        Files.write(
            first.resolveSibling("frame.png"),
            PngText.add(plainPng(), Recipe.KEYWORD, recipe.toJson()));
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run = CommandRun.sample(server, second, "--like", frame.toString());
      assertTrue(
          run.out().contains("shows the state after 6 steps: drawn is the sample that it led to"),
          run.out());
    }
  }

  @Test
  void jsonIsAllOfTheOutput_andQuietIsSilence() {
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      CommandRun run =
          CommandRun.sample(
              server, second, "-n", "2", "--seed", "18446744073709551615", "--json", "--quiet");
      assertEquals(0, run.code(), run.err());
      assertEquals("", run.err(), "no progress");
      JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
      assertEquals("toy", json.get("model").getAsString());
      assertEquals("18446744073709551615", json.get("seed").getAsString());
      assertEquals(Scripts.NETWORK_SHA256, json.get("network_sha256").getAsString());
      assertEquals(
          "[\"000.png\",\"001.png\",\"grid.png\",\"request.json\"]", json.get("files").toString());
      assertEquals(second.toString(), json.get("directory").getAsString());
      assertEquals(Scripts.STEPS, json.get("request").getAsJsonObject().get("steps").getAsInt());
      CommandRun quiet = CommandRun.sample(server, second, "--quiet");
      assertEquals(new CommandRun(0, "", ""), quiet);
    }
  }
}
