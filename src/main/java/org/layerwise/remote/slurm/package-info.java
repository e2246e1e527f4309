/** Slurm queue, used through Slurm's own commands over SSH. */
@NullMarked
package org.layerwise.remote.slurm;

import org.jspecify.annotations.NullMarked;
