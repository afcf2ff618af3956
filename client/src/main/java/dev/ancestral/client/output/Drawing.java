package dev.ancestral.client.output;

import dev.ancestral.recipe.Recipe;
import dev.ancestral.v1.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one kind of data becomes files for people. */
interface Drawing {
  /** The files it will write, by name. */
  List<String> names();

  /** How it wants frames to travel, FLOAT32 or UINT8. */
  Encoding frameEncoding();

  /** How many samples an animation shows. */
  int chainCells();

  /** The file that shows all samples at once. */
  String overview();

  /** How many samples it shows. */
  int overviewCells();

  /** Whether {@link #finish} reads {@link Samples#values}. */
  boolean readsValues();

  /**
   * Writes what one sample becomes by itself.
   *
   * @param recipe how to draw it again
   */
  void add(Path directory, int index, float[] values, Recipe recipe) throws IOException;

  /**
   * Writes what is made of all of them.
   *
   * @param chain their way from noise, if it is to be animated
   * @param recipe how to draw all of them again
   */
  void finish(Path directory, Samples samples, @Nullable Chain chain, Recipe recipe)
      throws IOException;

  /** What a viewer should know about them, once they are finished. */
  List<String> remarks();
}
