package org.layerwise.install.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folders that look like a torch and hold nothing that can be loaded. */
final class FakeTorch {

    private static final List<String> LIBRARIES = List.of(
            "libc10.so",
            "libc10_cuda.so",
            "libtorch.so",
            "libtorch_cpu.so",
            "libtorch_cuda.so",
            "libtorch_cuda_linalg.so",
            "libcaffe2_nvrtc.so",
            "libtorch_python.so",
            "libgomp-a34b3233.so.1");

    private FakeTorch() {}

    /** The package torch with NVIDIA's packages beside it. */
    static Path packages(Path site, String version, @Nullable String cuda) throws IOException {
        Path torch = Files.createDirectories(site.resolve("torch"));
        Files.writeString(
                torch.resolve("version.py"),
                """
                from typing import Optional

                __all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']
                __version__ = '%s'
                debug = False
                cuda: Optional[str] = %s
                git_version = 'e2d141dbde55c2a4370fac5165b0561b6af4798b'
                hip: Optional[str] = None
                """
                        .formatted(version, cuda == null ? "None" : "'" + cuda + "'"));
        libraries(torch.resolve("lib"));
        library(site.resolve("nvidia/cuda_runtime/lib/libcudart.so.12"));
        library(site.resolve("nvidia/cudnn/lib/libcudnn.so.9"));
        library(site.resolve("cusparselt/lib/libcusparseLt.so.0"));
        return site;
    }

    /** An unpacked libtorch. */
    static Path libtorch(Path folder, String version) throws IOException {
        libraries(folder.resolve("lib"));
        library(folder.resolve("lib/libcudart-c3a75b33.so.12"));
        Files.writeString(folder.resolve("build-version"), version + "\n");
        return folder;
    }

    static void libraries(Path folder) throws IOException {
        for (String name : LIBRARIES) {
            library(folder.resolve(name));
        }
    }

    static void library(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no library");
    }
}
