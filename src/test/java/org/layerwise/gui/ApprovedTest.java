package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ApprovedTest {

    private static BufferedImage picture(int left) {
        BufferedImage picture = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 200, 100);
        pen.setColor(Color.BLUE);
        pen.fillRect(left, 20, 40, 40);
        pen.dispose();
        return picture;
    }

    @Test
    void aPixelIsTheMeanOfItsSquare() {
        assertThat(Approved.shrunk(picture(20)).getRGB(6, 6) & 0xffffff).isEqualTo(0x0000ff);
        assertThat(Approved.shrunk(picture(22)).getRGB(5, 6) & 0xffffff)
                .as("half of it")
                .isEqualTo(0x7f7fff);
    }

    @Test
    void whatWasNeverApprovedIsNoPass() {
        assertThatThrownBy(() -> Approved.check("no-such-picture", picture(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("approve");
    }
}
