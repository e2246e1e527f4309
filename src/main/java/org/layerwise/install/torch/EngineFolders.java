package org.layerwise.install.torch;

import java.nio.file.Path;

/**
 * Folders of the engine's settings and libraries.
 *
 * @param config folder of the user's settings
 * @param cache folder of files that can be recreated: the links
 * @param data folder of downloads
 */
public record EngineFolders(Path config, Path cache, Path data) {

    /** Returns the folder of the links that the engine starts with. */
    Path links() {
        return cache.resolve("gpu").resolve("libraries");
    }

    /** Returns the folder of links that are only used for a check. */
    Path triedLinks() {
        return cache.resolve("gpu").resolve("tried-" + ProcessHandle.current().pid());
    }

    /** Returns the marker file that exists while a process loads the GPU libraries. */
    Path loading() {
        return cache.resolve("gpu").resolve("loading");
    }

    /** Returns the folder of downloaded libraries. */
    Path downloads() {
        return data.resolve("libtorch");
    }
}
