package dev.ancestral.client.output;

import dev.ancestral.v1.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How one kind of data becomes files for people. */
interface Drawing {
  /** The files it will write, by name. */
  List<String> names();

  /** How it wants frames to travel. */
  Encoding frameEncoding();

  /** How many samples an animation shows. */
  int chainCells();

  /** The file that shows all samples at once. */
  String overview();

  /** How many samples it shows. */
  int overviewCells();

  /** Writes them, each whole or not at all. */
  void write(Path directory, Samples samples, Chain chain) throws IOException;
}
