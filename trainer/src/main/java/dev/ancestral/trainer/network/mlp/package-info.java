/**
 * The multi-layer perceptron for points that a learned vector scales for each timestep. Start with
 * {@link dev.ancestral.trainer.network.mlp.ConditionalMlpFamily}.
 */
@NullMarked
package dev.ancestral.trainer.network.mlp;

import org.jspecify.annotations.NullMarked;
