package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.tensor.TorchLibraries;

@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class LinkFolderTest {

    @TempDir
    Path folder;

    @Test
    void whatDjlMayLoadIsLinkedAndNothingElse() throws IOException {
        TorchFolder torch = wheel("target");

        TorchLibraries libraries = LinkFolder.make(torch, folder.resolve("links"), false);

        assertThat(names(libraries.folder()))
                .containsExactlyInAnyOrder(
                        "libc10.so",
                        "libc10_cuda.so",
                        "libtorch.so",
                        "libtorch_cpu.so",
                        "libtorch_cuda.so",
                        "libtorch_cuda_linalg.so",
                        "libgomp.so.1");
        assertThat(libraries.folder().resolve("libgomp.so.1").toRealPath()).hasFileName("libgomp-a34b3233.so.1");
        assertThat(libraries.runtime()).isNotNull();
        assertThat(libraries.runtime().resolve("libcudart.so").toRealPath())
                .isEqualTo(folder.resolve("target/nvidia/cuda_runtime/lib/libcudart.so.12")
                        .toRealPath());
    }

    @Test
    void theCompilerIsLinkedOnlyWhereTheDriverIs() throws IOException {
        assertThat(names(LinkFolder.make(wheel("target"), folder.resolve("links"), true)
                        .folder()))
                .contains("libcaffe2_nvrtc.so")
                .doesNotContain("libtorch_python.so");
    }

    @Test
    void oldLinksAreReplacedAsAWhole() throws IOException {
        Path links = folder.resolve("links");
        LinkFolder.make(wheel("one"), links, true);
        TorchFolder other = TorchFolder.find(FakeTorch.libtorch(folder.resolve("two"), "2.7.1+cu126"));
        Files.delete(folder.resolve("two/lib/libtorch_cuda_linalg.so"));

        TorchLibraries libraries = LinkFolder.make(other, links, false);

        assertThat(names(libraries.folder())).doesNotContain("libcaffe2_nvrtc.so", "libtorch_cuda_linalg.so");
        assertThat(libraries.folder().resolve("libtorch_cuda.so").toRealPath())
                .isEqualTo(folder.resolve("two/lib/libtorch_cuda.so").toRealPath());
        assertThat(names(folder)).containsExactlyInAnyOrder("links", "one", "two");
        assertThat(folder.resolve("one/torch/lib/libtorch_cuda.so")).isRegularFile();
    }

    @Test
    void theStampChangesWithTheFiles() throws IOException {
        TorchFolder torch = wheel("target");
        String before = LinkFolder.fingerprint(torch);
        assertThat(LinkFolder.fingerprint(torch)).isEqualTo(before);

        Files.writeString(folder.resolve("target/torch/lib/libtorch_cpu.so"), "another build");

        assertThat(LinkFolder.fingerprint(torch)).isNotEqualTo(before);
    }

    private TorchFolder wheel(String name) throws IOException {
        return TorchFolder.find(FakeTorch.packages(folder.resolve(name), "2.7.1+cu126", "12.6"));
    }

    private static Stream<String> names(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
