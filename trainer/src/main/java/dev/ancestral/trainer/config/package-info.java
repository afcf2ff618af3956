/**
 * What a training run is made from, as records: written to {@code config.yaml}, read from presets,
 * files and {@code --set}.
 *
 * <p>Start with {@link dev.ancestral.trainer.config.TrainingConfig}. {@link
 * dev.ancestral.trainer.config.Section} reads and checks; {@link
 * dev.ancestral.trainer.config.ConfigSources} merges. What may not live here: anything that opens
 * data or builds a network.
 */
@NullMarked
package dev.ancestral.trainer.config;

import org.jspecify.annotations.NullMarked;
