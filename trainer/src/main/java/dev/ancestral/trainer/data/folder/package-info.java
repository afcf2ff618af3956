/**
 * What a directory of images is made of, before any of them is opened: its files, their classes,
 * and what was left out. Start with {@link dev.ancestral.trainer.data.folder.ImageFolder}. What may
 * not live here: pixels.
 */
@NullMarked
package dev.ancestral.trainer.data.folder;

import org.jspecify.annotations.NullMarked;
