package dev.ancestral.recipe;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.ancestral.v1.SampleRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All it takes to draw samples again, but for the network and given noise, which it names by their
 * hashes. As JSON:
 *
 * <pre>
 * {"version": 1,
 *  "network_sha256": "...",              of the ONNX file
 *  "initial_noise_sha256": "...",        only where the noise was given
 *  "step": 10, "content": "xt",          only of a frame: the state after 10 steps, or the estimate "x0"
 *  "request": {...}}                     ancestral.v1.SampleRequest, every default filled in
 * </pre>
 *
 * The request has what decides the samples' numbers, and nothing else: no priority, no frames, no
 * encoding. A sample's own recipe is that of the request that draws it alone, so it does not depend
 * on its company.
 *
 * @param request without the numbers of its initial noise
 * @param networkSha256 of the network; empty where it is not known
 * @param initialNoiseSha256 of the given noise, float32, little-endian; empty for the seed's own
 * @param state which state on the way to the sample; null for the sample itself
 */
public record Recipe(
    SampleRequest request, String networkSha256, String initialNoiseSha256, @Nullable State state) {
  /** Under which it stands in a picture's text, of one line of ASCII. */
  public static final String KEYWORD = "ancestral";

  /** Fields that change how and when samples come, and never what they are. */
  private static final Set<String> WITHOUT_INFLUENCE =
      Set.of("priority", "frames", "encoding", "max_message_bytes");

  private static final int VERSION = 1;
  private static final String VERSION_KEY = "version";
  private static final String NETWORK_KEY = "network_sha256";
  private static final String NOISE_KEY = "initial_noise_sha256";
  private static final String STEP_KEY = "step";
  private static final String CONTENT_KEY = "content";
  private static final String REQUEST_KEY = "request";

  /**
   * A state on the way.
   *
   * @param step steps behind it
   * @param content {@code xt}, or {@code x0} for the estimate that the step made
   */
  public record State(int step, String content) {}

  /**
   * The recipe of all samples of a request.
   *
   * @param resolved with every default filled in
   */
  public static Recipe of(SampleRequest resolved, String networkSha256) {
    ByteString noise = resolved.getInitialNoise().getFloat32();
    SampleRequest.Builder request = resolved.toBuilder();
    for (FieldDescriptor field : resolved.getAllFields().keySet()) {
      if (WITHOUT_INFLUENCE.contains(field.getName())) {
        request.clearField(field);
      }
    }
    return new Recipe(
        request.clearInitialNoise().build(),
        networkSha256,
        resolved.hasInitialNoise() ? sha256(noise) : "",
        null);
  }

  /**
   * The recipe of one sample of a request.
   *
   * @param resolved with every default filled in
   * @param index of the sample, {@code first_index} at least
   */
  public static Recipe ofSample(SampleRequest resolved, String networkSha256, int index) {
    SampleRequest.Builder alone = resolved.toBuilder().setFirstIndex(index).setNumSamples(1);
    if (resolved.getLabelsCount() > 0) {
      alone.clearLabels().addLabels(resolved.getLabels(index % resolved.getLabelsCount()));
    }
    if (resolved.hasInitialNoise()) {
      ByteString all = resolved.getInitialNoise().getFloat32();
      int bytes = all.size() / Math.max(1, resolved.getNumSamples());
      int begin = (index - resolved.getFirstIndex()) * bytes;
      alone.getInitialNoiseBuilder().setFloat32(all.substring(begin, begin + bytes));
    }
    return of(alone.build(), networkSha256);
  }

  /** The recipe of a state on the way to this sample. */
  public Recipe at(State on) {
    return new Recipe(request, networkSha256, initialNoiseSha256, on);
  }

  /** In one line of ASCII; the same recipe gives the same line. */
  public String toJson() {
    return ascii(json().toString());
  }

  /** In lines for people. */
  public String toPrettyJson() {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json())
        + "\n";
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty(VERSION_KEY, VERSION);
    if (!networkSha256.isEmpty()) {
      json.addProperty(NETWORK_KEY, networkSha256);
    }
    if (!initialNoiseSha256.isEmpty()) {
      json.addProperty(NOISE_KEY, initialNoiseSha256);
    }
    if (state != null) {
      json.addProperty(STEP_KEY, state.step());
      json.addProperty(CONTENT_KEY, state.content());
    }
    json.add(REQUEST_KEY, JsonParser.parseString(print(request)));
    return json;
  }

  /**
   * Reads what {@link #toJson} or {@link #toPrettyJson} wrote.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static Recipe parse(String text) {
    JsonObject json;
    try {
      JsonElement parsed = JsonParser.parseString(text);
      if (!parsed.isJsonObject()) {
        throw new IllegalArgumentException("is no recipe (expected: a JSON object)");
      }
      json = parsed.getAsJsonObject();
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException("is no recipe (expected: a JSON object)", e);
    }
    String version = string(json, VERSION_KEY);
    if (!version.equals(String.valueOf(VERSION))) {
      throw new IllegalArgumentException(
          "version: %s (expected: %d)".formatted(version.isEmpty() ? "none" : version, VERSION));
    }
    SampleRequest.Builder request = SampleRequest.newBuilder();
    try {
      JsonFormat.parser().merge(String.valueOf(json.get(REQUEST_KEY)), request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "request: %s (expected: a SampleRequest)".formatted(e.getMessage()), e);
    }
    return new Recipe(
        request.build(), string(json, NETWORK_KEY), string(json, NOISE_KEY), state(json));
  }

  private static @Nullable State state(JsonObject json) {
    String step = string(json, STEP_KEY);
    if (step.isEmpty()) {
      return null;
    }
    try {
      return new State(Integer.parseInt(step), string(json, CONTENT_KEY));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("step: %s (expected: a number)".formatted(step), e);
    }
  }

  /** A simple value as text; empty if it is not there. */
  private static String string(JsonObject json, String key) {
    JsonElement value = json.get(key);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  private static String print(SampleRequest request) {
    try {
      return JsonFormat.printer()
          .preservingProtoFieldNames()
          .omittingInsignificantWhitespace()
          .print(request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request without an Any prints", e);
    }
  }

  /** Escapes what is not ASCII, all of which is inside strings. */
  private static String ascii(String json) {
    StringBuilder text = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7F) {
        text.append(c);
      } else {
        text.append("\\u%04x".formatted((int) c));
      }
    }
    return text.toString();
  }

  private static String sha256(ByteString bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      bytes.asReadOnlyByteBufferList().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
