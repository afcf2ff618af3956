package dev.ancestral.server.grpc;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Frames.Content;
import dev.ancestral.v1.SampleRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of the door that sees to it that the client can take every message of the answer. */
final class MessageSizes {
  /** What every gRPC client takes unless it was told otherwise. */
  static final long DEFAULT_LIMIT = 4 << 20;

  private static final long LEAST_LIMIT = 1024;
  private static final String LIMIT = "max_message_bytes";

  /** Beside the numbers: shape, indices, tags and lengths. */
  private static final long AROUND = 200;

  /** Beside the request in a picture's recipe: hashes, step, and the chunk's frame. */
  private static final long AROUND_RECIPE = 300;

  private MessageSizes() {}

  /** Fills in the limit and holds every kind of message against it. */
  static void resolve(
      SampleRequest request,
      SampleRequest.Builder resolved,
      String samplerChoice,
      DataSpec data,
      FieldChecks checks) {
    long limit = request.hasMaxMessageBytes() ? request.getMaxMessageBytes() : DEFAULT_LIMIT;
    checks.range(LIMIT, limit, LEAST_LIMIT, Integer.MAX_VALUE, "what the client takes");
    resolved.setMaxMessageBytes(limit);
    if (!checks.passed()) {
      return;
    }
    long recipe = recipeBytes(resolved);
    check("encoding", "sample", resolved.getEncoding(), 1, limit, data, recipe, checks);
    if (resolved.hasFrames()) {
      Frames frames = resolved.getFrames();
      int tensors = frames.getContent() == Content.CONTENT_BOTH ? 2 : 1;
      check("frames.encoding", "frame", frames.getEncoding(), tensors, limit, data, recipe, checks);
    }
    long accepted = Responses.acceptedBytes(resolved, samplerChoice);
    checks.require(
        accepted <= limit,
        LIMIT,
        "%d (expected: at least %d, since `accepted` repeats the request)"
            .formatted(limit, accepted));
  }

  private static void check(
      String field,
      String what,
      Encoding encoding,
      int tensors,
      long limit,
      DataSpec data,
      long recipe,
      FieldChecks checks) {
    long bytes = tensors * bytes(encoding, data, recipe) + AROUND;
    if (bytes <= limit) {
      return;
    }
    TensorCodec codec = new TensorCodec(data);
    List<String> fitting =
        Stream.of(Encoding.ENCODING_PNG, Encoding.ENCODING_UINT8)
            .filter(
                other ->
                    codec.supports(other) && tensors * bytes(other, data, recipe) + AROUND <= limit)
            .map(MessageSizes::name)
            .toList();
    checks.reject(
        field,
        "%s: %s a %s (expected: at most %s%s; or %s of %d, from a client that takes as much)"
            .formatted(
                name(encoding),
                megabytes(bytes),
                what,
                megabytes(limit),
                fitting.isEmpty()
                    ? ""
                    : fitting.stream()
                        .map(name -> "ENCODING_" + name)
                        .collect(Collectors.joining(" or ", ", as with ", "")),
                LIMIT,
                bytes));
  }

  /** What the recipe in a picture takes. */
  private static long recipeBytes(SampleRequest.Builder resolved) {
    SampleRequest request = resolved.clone().clearInitialNoise().build();
    return Recipe.ofSample(request, "", request.getFirstIndex()).toJson().length() + AROUND_RECIPE;
  }

  /**
   * The most that one sample takes.
   *
   * @param recipe bytes of a text that pictures carry
   */
  static long bytes(Encoding encoding, DataSpec data, long recipe) {
    long numbers = data.elements();
    return switch (encoding) {
      case ENCODING_FLOAT32 -> Float.BYTES * numbers;
      case ENCODING_UINT8 -> numbers;
      case ENCODING_PNG -> png(numbers, data.dimensions()[1]) + recipe;
      case ENCODING_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("encoding: " + encoding + " (expected: a known one)");
    };
  }

  /**
   * Of pixels that nothing compresses: a filter's byte before each line, what zlib adds to what it
   * cannot shrink (its own bound, with room), and a chunk's frame for every 8 KiB.
   */
  private static long png(long numbers, long height) {
    long raw = numbers + height;
    return raw + raw / 256 + 1024;
  }

  private static String name(Encoding encoding) {
    return encoding.name().substring("ENCODING_".length());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
