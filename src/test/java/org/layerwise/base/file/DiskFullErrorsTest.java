package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class DiskFullErrorsTest {

    private static final String FULL = "No space left on device";

    @Test
    void isFoundBehindLibrariesFailures() {
        assertThat(DiskFullErrors.isCause(new IllegalStateException("Failed to extract", new IOException(FULL))))
                .isTrue();
        assertThat(DiskFullErrors.isCause(new FileSystemException("a", null, FULL)))
                .isTrue();
        assertThat(DiskFullErrors.isCause(new IOException("There is not enough space on the disk")))
                .isTrue();
        assertThat(DiskFullErrors.isCause(new IOException("Permission denied"))).isFalse();
        assertThat(DiskFullErrors.isCause(new IllegalStateException(FULL))).isFalse();
        assertThat(DiskFullErrors.ofLibraries("/cache", new IOException(FULL)))
                .hasMessageContainingAll("The disk of /cache is full", "XDG_CACHE_HOME");
    }

    @Test
    void theWriterOfPngDoesNotHideIt() {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(FULL);
            }
        };
        IOException failure = (IOException) Assertions.catchThrowable(() -> {
            try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(full)) {
                ImageIO.write(image, "png", out);
                out.flush();
            }
        });
        assertThat(FileErrors.reason(failure)).isEqualTo(FULL);
        assertThat(FileErrors.reason(new IOException("I/O error writing PNG file!", new IOException(FULL))))
                .isEqualTo(FULL);
    }
}
