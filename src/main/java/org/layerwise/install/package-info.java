/** Installation on this computer. {@link org.layerwise.install.AppFolders} has the folders of a user's files. */
@NullMarked
package org.layerwise.install;

import org.jspecify.annotations.NullMarked;
