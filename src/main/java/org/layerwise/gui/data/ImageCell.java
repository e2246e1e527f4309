package org.layerwise.gui.data;

import javafx.geometry.Pos;
import javafx.scene.control.TableCell;
import javafx.scene.image.ImageView;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.image.ImageSource;
import org.layerwise.study.DataPreview;

/** A table cell with a thumbnail and the name of the image. */
final class ImageCell extends TableCell<DataPreview.Row, ImageSource> {

    private static final double GAP = 8;

    private final Thumbnails thumbnails;
    private final ImageView picture = new ImageView();

    ImageCell(Thumbnails thumbnails) {
        this.thumbnails = thumbnails;
        picture.setFitWidth(Thumbnails.SIDE);
        picture.setFitHeight(Thumbnails.SIDE);
        picture.setPreserveRatio(true);
        setGraphicTextGap(GAP);
        setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected void updateItem(@Nullable ImageSource source, boolean isEmpty) {
        super.updateItem(source, isEmpty);
        picture.setImage(null);
        if (isEmpty || source == null) {
            setText(null);
            setGraphic(null);
            return;
        }
        setText(source.text());
        setGraphic(picture);
        thumbnails.of(source, image -> {
            if (source == getItem()) { // the cell may show another row by now
                picture.setImage(image);
            }
        });
    }
}
