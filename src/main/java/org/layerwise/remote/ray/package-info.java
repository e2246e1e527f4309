/** Ray's Jobs API over HTTP: versions, packages of files, jobs and their logs. */
@NullMarked
package org.layerwise.remote.ray;

import org.jspecify.annotations.NullMarked;
