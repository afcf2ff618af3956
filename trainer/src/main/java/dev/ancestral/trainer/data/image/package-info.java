/**
 * Everything between one file and correct pixels: {@link
 * dev.ancestral.trainer.data.image.ImageDecoder} is the door.
 *
 * <p>Each format is one {@code Codec}, found by a file's first bytes and never by its name. PNG is
 * decoded here from its chunks, since ImageIO verifies no checksum and knows neither all
 * transparency nor profiles; JPEG comes as raw components and gets its colours here; the rest is
 * read by ImageIO and TwelveMonkeys. What may not live here: which files belong to a data set, and
 * their size in it.
 */
@NullMarked
package dev.ancestral.trainer.data.image;

import org.jspecify.annotations.NullMarked;
