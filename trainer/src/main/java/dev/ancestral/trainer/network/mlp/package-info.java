/**
 * Networks for points. Start with {@link dev.ancestral.trainer.network.mlp.ConditionalMlpFamily}.
 */
@NullMarked
package dev.ancestral.trainer.network.mlp;

import org.jspecify.annotations.NullMarked;
