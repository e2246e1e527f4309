/**
 * Files and folders that are never half written: {@link org.layerwise.base.file.AtomicFiles}, locks between
 * processes, and temporary folders that the next start deletes.
 */
@NullMarked
package org.layerwise.base.file;

import org.jspecify.annotations.NullMarked;
