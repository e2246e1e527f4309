package org.layerwise.study.compute;

import java.net.URI;
import java.util.List;

/**
 * What a download of libtorch with CUDA fetches.
 *
 * @param flavour such as {@code cu128}
 * @param files packed, one a library
 */
public record DownloadPlan(String flavour, List<PackedFile> files) {

    public DownloadPlan {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param name of the library
     * @param source where it is, packed by gzip
     * @param bytes that are fetched for it
     */
    public record PackedFile(String name, URI source, long bytes) {}

    /** All that is fetched, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(PackedFile::bytes).sum();
    }
}
