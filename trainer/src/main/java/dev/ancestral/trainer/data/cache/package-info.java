/**
 * What took long to make and can be made again: files in the user's cache directory, never needed,
 * always checked. Start with {@link dev.ancestral.trainer.data.cache.FileCache}. What may not live
 * here: what the files mean.
 */
@NullMarked
package dev.ancestral.trainer.data.cache;

import org.jspecify.annotations.NullMarked;
