/**
 * What the exporter's tests share: random weights and inputs, and a comparison of a block with its
 * export.
 */
@NullMarked
package dev.ancestral.exporter.testing;

import org.jspecify.annotations.NullMarked;
