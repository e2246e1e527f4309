package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TorchLibraries;

class TorchFolderTest {

    private static final String SITE = "lib/python3.11/site-packages";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env",
                "env/bin",
                "env/lib",
                "env/lib/python3.11/site-packages",
                "env/lib/python3.11/site-packages/torch",
                "env/lib/python3.11/site-packages/torch/lib"
            })
    void anEnvironmentIsFoundByAnyFolderOfIt(String named) throws IOException {
        Path site = FakeTorch.packages(folder.resolve("env").resolve(SITE), "2.7.1+cu126", "12.6");
        Files.createDirectories(folder.resolve("env/bin"));

        TorchFolder found = TorchFolder.find(folder.resolve(named));

        assertThat(found.libraries()).isEqualTo(site.resolve("torch/lib"));
        assertThat(found.version()).isEqualTo("2.7.1+cu126");
        assertThat(found.beside())
                .contains(
                        site.resolve("nvidia/cuda_runtime/lib"),
                        site.resolve("nvidia/cudnn/lib"),
                        site.resolve("cusparselt/lib"));
    }

    @Test
    void aProjectThatKeepsItsEnvironmentIsFound() throws IOException {
        Path site = FakeTorch.packages(folder.resolve(".venv").resolve(SITE), "2.7.1+cu126", "12.6");

        assertThat(TorchFolder.find(folder).libraries()).isEqualTo(site.resolve("torch/lib"));
    }

    @Test
    void aFolderOfPipsTargetIsFound() throws IOException {
        FakeTorch.packages(folder.resolve("target"), "2.7.1+cu128", "12.8");

        TorchFolder found = TorchFolder.find(folder.resolve("target"));

        assertThat(found.version()).isEqualTo("2.7.1+cu128");
        assertThat(found.beside()).contains(folder.resolve("target/nvidia/cudnn/lib"));
    }

    @Test
    void librariesOfTheOtherHalfOfAnEnvironmentAreBesideIt() throws IOException {
        FakeTorch.packages(folder.resolve(SITE), "2.7.1+cu126", "12.6");
        FakeTorch.library(folder.resolve("lib64/python3.11/site-packages/nvidia/nccl/lib/libnccl.so.2"));

        assertThat(TorchFolder.find(folder).beside())
                .contains(folder.resolve("lib64/python3.11/site-packages/nvidia/nccl/lib"));
    }

    @Test
    void condaKeepsTheLibrariesOfAllPackagesInOneFolder() throws IOException {
        Path torch = FakeTorch.packages(folder.resolve(SITE), "2.7.1", "12.6").resolve("torch");
        Files.delete(torch.resolve("lib/libtorch_cuda.so"));
        FakeTorch.libraries(folder.resolve("lib"));

        TorchFolder found = TorchFolder.find(folder);

        assertThat(found.libraries()).isEqualTo(folder.resolve("lib"));
        assertThat(found.version()).isEqualTo("2.7.1+cu126");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "libtorch", "libtorch/lib"})
    void anUnpackedLibtorchIsFound(String named) throws IOException {
        Path libtorch = FakeTorch.libtorch(folder.resolve("libtorch"), "2.7.1+cu128");

        TorchFolder found = TorchFolder.find(folder.resolve(named));

        assertThat(found.libraries()).isEqualTo(libtorch.resolve("lib"));
        assertThat(found.version()).isEqualTo("2.7.1+cu128");
    }

    @Test
    void anotherVersionIsRefusedWithBothVersions() throws IOException {
        FakeTorch.packages(folder.resolve("new"), "2.11.0+cu130", "13.0");
        FakeTorch.libtorch(folder.resolve("old"), "2.7.0+cu126");

        refused(folder.resolve("new"), "holds torch 2.11.0+cu130, but Layerwise needs 2.7.1");
        refused(folder.resolve("old"), "holds torch 2.7.0+cu126, but Layerwise needs 2.7.1");
    }

    @Test
    void oneWithoutCudaIsRefused() throws IOException {
        FakeTorch.packages(folder.resolve("wheel"), "2.7.1+cpu", null);
        FakeTorch.libtorch(folder.resolve("libtorch"), "2.7.1+cpu");

        refused(folder.resolve("wheel"), "holds torch 2.7.1+cpu, which was built for the CPU only");
        refused(folder.resolve("libtorch"), "holds torch 2.7.1+cpu, which was built for the CPU only");
    }

    @Test
    void oneForAmdIsRefused() throws IOException {
        Path torch = FakeTorch.packages(folder, "2.7.1+rocm6.3", null).resolve("torch");
        Path version = torch.resolve("version.py");
        Files.writeString(version, Files.readString(version).replace("hip: Optional[str] = None", "hip = '6.3.42131'"));

        refused(folder, "for AMD's ROCm");
    }

    @Test
    void whatIsIncompleteIsRefusedWithTheFileThatIsMissing() throws IOException {
        FakeTorch.packages(folder, "2.7.1+cu126", "12.6");
        Files.delete(folder.resolve("torch/lib/libtorch_cuda.so"));

        refused(folder, "there is no libtorch_cuda.so");
    }

    @Test
    void whatIsNoTorchIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("numpy"));
        Files.writeString(folder.resolve("numpy/version.py"), "version = '2.0'");

        refused(folder.resolve("numpy"), "There is no torch in");
        refused(folder, "There is no torch in");
        refused(folder.resolve("nowhere"), "There is no folder");
        refused(folder.resolve("numpy/version.py"), "is a file");
    }

    @Test
    void theVersionIsTheOneOfTheProgramsOwnLibraries() {
        assertThat(Engines.shared().version()).isEqualTo(TorchLibraries.VERSION);
    }

    private static void refused(Path named, String words) {
        assertThatThrownBy(() -> TorchFolder.find(named))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(words)
                .hasMessageContaining(named.toString());
    }
}
