package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server says of the sampler that it chose reaches whoever named none. */
class SamplerChoiceOutputTest {
  private static final Model GRAY = Scripts.model(1L, 2L, 3L);
  private static final String WORDS = "fitted with 4 calls: no sampler was named";

  private final Path directory;

  SamplerChoiceOutputTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private CommandRun run(String choice, String... flags) {
    FakeServer.Script script =
        (request, out) -> {
          out.onNext(accepted(request, choice));
          for (int i = 0; i < request.getNumSamples(); i++) {
            out.onNext(Scripts.sample(request, GRAY, i));
          }
          out.onNext(Scripts.summary(request.getNumSamples()));
          out.onCompleted();
        };
    try (FakeServer server = FakeServer.start(GRAY, script)) {
      CommandRun run = CommandRun.sample(server, directory, flags);
      assertEquals(0, run.code(), run.err());
      return run;
    }
  }

  private static SampleResponse accepted(SampleRequest request, String choice) {
    SampleResponse.Builder accepted = Scripts.accepted(request).toBuilder();
    accepted.getAcceptedBuilder().setSamplerChoice(choice);
    return accepted.build();
  }

  @Test
  void theChoiceIsALineOfTheSummary() {
    String out = run(WORDS).out();
    assertTrue(out.lines().anyMatch(WORDS::equals), out);
    assertEquals(out.lines().count() - 1, run("").out().lines().count());
  }

  @Test
  void aServersWordsBeginNoLineOfTheirOwn() {
    String out = run("fitted\nwrote nothing").out();
    assertTrue(out.lines().anyMatch("fitted\\nwrote nothing"::equals), out);
  }

  @Test
  void quietSaysNothingOfIt() {
    assertEquals("", run(WORDS, "--quiet").out());
  }

  @Test
  void jsonCarriesIt_whereThereWasAChoice() {
    assertEquals(WORDS, json(WORDS).get("sampler_choice").getAsString());
    assertFalse(json("").has("sampler_choice"));
  }

  private JsonObject json(String choice) {
    return JsonParser.parseString(run(choice, "--json", "--quiet").out()).getAsJsonObject();
  }
}
