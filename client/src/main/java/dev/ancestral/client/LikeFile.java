package dev.ancestral.client;

import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.Names;
import dev.ancestral.picture.PngText;
import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that says how its samples were drawn.
 *
 * @param file a picture, or {@code request.json}
 * @param recipe what it says
 */
record LikeFile(Path file, Recipe recipe) {
  private static final String FLAG = "--like: ";

  /** A hash is told from another by as many digits. */
  private static final int DIGITS = 12;

  /**
   * Reads the file.
   *
   * @throws UserError if it cannot be read, or says nothing of it
   */
  static LikeFile read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserError(
          "%s%s: cannot be read: %s (expected: a picture that was drawn here, or request.json)"
              .formatted(FLAG, file, IoReasons.of(e)),
          e);
    }
    String text =
        PngText.isPng(bytes)
            ? PngText.find(bytes, Recipe.KEYWORD)
                .orElseThrow(
                    () ->
                        new UserError(
                            "%s%s: has no recipe in it (expected: a picture as it was drawn; other programs drop its text)"
                                .formatted(FLAG, file)))
            : new String(bytes, StandardCharsets.UTF_8);
    try {
      LikeFile like = new LikeFile(file, Recipe.parse(text));
      if (like.recipe.networkSha256().isEmpty()) {
        throw new IllegalArgumentException("network_sha256: none (expected: the network's)");
      }
      return like;
    } catch (IllegalArgumentException e) {
      throw new UserError("%s%s: %s".formatted(FLAG, file, e.getMessage()), e);
    }
  }

  /** What is to be said about the file; null for nothing. */
  @Nullable String remark() {
    Recipe.State state = recipe.state();
    return state == null
        ? null
        : "%s shows %s after %d steps: drawn is the sample that it led to"
            .formatted(
                file,
                state.content().equals("x0") ? "the estimate of x_0" : "the state",
                state.step());
  }

  /**
   * Refuses a sampling from the seed's noise where the file's was given.
   *
   * @throws UserError naming the flag that is missing
   */
  void requireNoise(boolean given) {
    if (!given && !recipe.initialNoiseSha256().isEmpty()) {
      throw new UserError(
          "%s%s: was drawn from given noise (expected: --initial-noise with it, SHA-256 %s)"
              .formatted(FLAG, file, shortened(recipe.initialNoiseSha256())));
    }
  }

  /**
   * The same network among those served: under its own name if it is there, else under another.
   *
   * @throws UserError naming both networks, if there is another one
   */
  Model among(List<Model> models) {
    String name = recipe.request().getModel();
    Optional<Model> same =
        models.stream()
            .filter(model -> model.getNetworkSha256().equals(recipe.networkSha256()))
            .min((a, b) -> Boolean.compare(b.getName().equals(name), a.getName().equals(name)));
    if (same.isPresent()) {
      return same.get();
    }
    List<String> names = models.stream().map(Model::getName).toList();
    String known =
        Names.find(name, names)
            .orElseThrow(
                () ->
                    new UserError(
                        "%s%s: was drawn by network %s of model %s, which is not served (expected one of: %s)"
                            .formatted(
                                FLAG,
                                file,
                                shortened(recipe.networkSha256()),
                                Names.shortened(name),
                                String.join(", ", names))));
    return check(models.get(names.indexOf(known)));
  }

  /**
   * The model, if it is the same network.
   *
   * @throws UserError naming both networks, if it is another one
   */
  Model check(Model model) {
    if (!model.getNetworkSha256().equals(recipe.networkSha256())) {
      throw new UserError(
          "%s%s: was drawn by network %s (expected: %s, which model %s is here)"
              .formatted(
                  FLAG,
                  file,
                  shortened(recipe.networkSha256()),
                  shortened(model.getNetworkSha256()),
                  model.getName()));
    }
    return model;
  }

  private static String shortened(String hash) {
    return hash.isEmpty() ? "unknown" : hash.substring(0, Math.min(DIGITS, hash.length()));
  }
}
