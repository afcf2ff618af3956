/**
 * Files that are either whole or absent: temporary name, sync, rename. Start with {@link
 * dev.ancestral.files.AtomicFile}.
 */
@NullMarked
package dev.ancestral.files;

import org.jspecify.annotations.NullMarked;
