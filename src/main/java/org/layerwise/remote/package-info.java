/**
 * A study's work on a Ray cluster or a Slurm queue: where it can go ({@link org.layerwise.remote.Targets}), and how to speak
 * to what is there. Nothing here knows of models, data or runs: files go there, a program is started, files come back.
 */
@NullMarked
package org.layerwise.remote;

import org.jspecify.annotations.NullMarked;
