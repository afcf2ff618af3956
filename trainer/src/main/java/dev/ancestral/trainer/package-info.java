/**
 * The trainer's commands. Start with {@link dev.ancestral.trainer.TrainCommand}; what it trains is
 * in {@code data}, {@code network} and {@code loop}, what it leaves on disk in {@code run}.
 */
@NullMarked
package dev.ancestral.trainer;

import org.jspecify.annotations.NullMarked;
