package org.layerwise.install.torch;

import java.net.URI;
import java.util.List;

/**
 * Files of a download of libtorch with CUDA.
 *
 * @param flavour build of libtorch, such as {@code cu128}
 * @param files compressed files, one per library
 */
public record LibtorchDownloadPlan(String flavour, List<PackedFile> files) {

    public LibtorchDownloadPlan {
        files = List.copyOf(files);
    }

    /**
     * Compressed file of a download.
     *
     * @param name name of the library
     * @param source address of the file, which is compressed with gzip
     * @param bytes size of the compressed file in bytes
     */
    public record PackedFile(String name, URI source, long bytes) {}

    /** Returns the size of the download in bytes. */
    public long bytes() {
        return files.stream().mapToLong(PackedFile::bytes).sum();
    }
}
