"""The settings dialog: everything is saved as a whole, and no key goes to a new host without a yes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.settings import Service, Settings
from pixverse_gui.ui.settings_dialog import SettingsDialog
from tests.helpers.finding import button, click, named, texts

FOLDER = "/home/anna/.local/share/pixverse-gui"


class Desk:
    """The dialog on the screen, with what it saved."""

    def __init__(self, qtbot: QtBot, settings: Settings, folder: str = FOLDER) -> None:
        self.qtbot = qtbot
        self.dialog = SettingsDialog(settings, folder)
        # Closing deletes the dialog; the tests look at it afterwards.
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(self.dialog)
        self.saved: list[Settings] = []
        self.dialog.settings_saved.connect(self.saved.append)
        self.dialog.open()
        qtbot.waitExposed(self.dialog)
        self.service = named(self.dialog, QComboBox, "Service address")
        self.own = named(self.dialog, QLineEdit, "Own address")

    def choose(self, service: Service) -> None:
        self.service.setCurrentIndex(self.service.findData(service))

    def save(self) -> Settings:
        click(self.qtbot, button(self.dialog, "Save"))
        return self.saved[-1]

    @property
    def can_save(self) -> bool:
        return button(self.dialog, "Save").isEnabled()

    def agree(self, host: str) -> QCheckBox:
        return named(self.dialog, QCheckBox, f"Send my key to {host}")

    @property
    def words(self) -> str:
        return texts(self.dialog)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, Settings())


def test_unchanged_settings_come_back_as_they_were(qtbot: QtBot) -> None:
    settings = Settings(
        uploads_at_once=6,
        look_at_links=False,
        reuse_ids=False,
        service=Service.OWN,
        own_address="https://api.example.com",
        copy_format=CopyFormat.TABLE,
        last_folder="/pictures",
        approved_hosts=("api.example.com",),
    )
    desk = Desk(qtbot, settings)
    assert desk.can_save
    assert desk.save() == settings
    assert not desk.dialog.isVisible()


def test_every_choice_is_saved(desk: Desk) -> None:
    named(desk.dialog, QSpinBox, "Pictures at once").setValue(5)
    named(desk.dialog, QCheckBox, "Look at links before uploading").setChecked(False)
    named(desk.dialog, QCheckBox, "Use the ID of pictures already uploaded").setChecked(False)
    saved = desk.save()
    assert (saved.uploads_at_once, saved.look_at_links, saved.reuse_ids) == (5, False, False)


@pytest.mark.parametrize(("tried", "kept"), [(0, 1), (7, 6)])
def test_pictures_at_once_stay_between_one_and_six(desk: Desk, tried: int, kept: int) -> None:
    named(desk.dialog, QSpinBox, "Pictures at once").setValue(tried)
    assert desk.save().uploads_at_once == kept


def test_cancel_and_esc_save_nothing(qtbot: QtBot) -> None:
    for way_out in ("Cancel", "Esc"):
        desk = Desk(qtbot, Settings())
        named(desk.dialog, QSpinBox, "Pictures at once").setValue(5)
        if way_out == "Cancel":
            click(qtbot, button(desk.dialog, "Cancel"))
        else:
            qtbot.keyClick(desk.dialog, Qt.Key.Key_Escape)
        assert not desk.dialog.isVisible()
        assert desk.saved == []


def test_another_host_needs_a_yes_before_it_can_be_saved(desk: Desk) -> None:
    desk.choose(Service.CHINA)
    assert "Your key will be sent to app-api.pixverseai.cn." in desk.words
    assert not desk.can_save
    desk.agree("app-api.pixverseai.cn").setChecked(True)
    assert desk.can_save
    saved = desk.save()
    assert saved.service is Service.CHINA
    assert "app-api.pixverseai.cn" in saved.approved_hosts


def test_going_back_to_the_host_in_use_asks_nothing(desk: Desk) -> None:
    desk.choose(Service.CHINA)
    desk.choose(Service.INTERNATIONAL)
    assert "Your key will be sent" not in desk.words
    assert desk.can_save


def test_a_yes_counts_for_one_host_only(desk: Desk) -> None:
    desk.choose(Service.OWN)
    desk.own.setText("https://one.example.com")
    desk.agree("one.example.com").setChecked(True)
    assert desk.can_save
    desk.own.setText("https://two.example.com")
    assert not desk.can_save
    assert not desk.agree("two.example.com").isChecked()
    desk.own.setText("https://one.example.com")
    assert not desk.can_save


def test_a_host_with_an_earlier_yes_asks_nothing(qtbot: QtBot) -> None:
    desk = Desk(qtbot, Settings(approved_hosts=("app-api.pixverseai.cn",)))
    desk.choose(Service.CHINA)
    assert "Your key will be sent" not in desk.words
    assert desk.save().service is Service.CHINA


def test_an_own_address_is_kept_in_its_normal_form(desk: Desk) -> None:
    desk.choose(Service.OWN)
    desk.own.setText("  HTTPS://API.Example.com:443/  ")
    desk.agree("api.example.com").setChecked(True)
    saved = desk.save()
    assert (saved.service, saved.own_address) == (Service.OWN, "https://api.example.com")
    assert saved.api_url == "https://api.example.com"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://api.example.com", "must begin with https://"),
        ("api.example.com", "must begin with https://"),
        ("https://", "no usable host name"),
        ("https://me:pw@example.com", "must not hold a user name"),
        ("https://example.com/?x=1", "must end after the host name"),
        ("https://example.com:99999", "not a number from 1 to 65535"),
    ],
)
def test_an_unusable_own_address_is_explained_and_not_saved(desk: Desk, text: str, said: str) -> None:
    desk.choose(Service.OWN)
    desk.own.setText(text)
    assert said in desk.words
    assert said in desk.own.accessibleDescription()
    assert not desk.can_save


def test_an_empty_own_address_is_not_scolded_but_not_saved_either(desk: Desk) -> None:
    desk.choose(Service.OWN)
    assert not desk.can_save
    assert "Enter the address" not in desk.words


def test_the_field_for_an_own_address_shows_only_where_it_counts(desk: Desk) -> None:
    assert not desk.own.isVisible()
    desk.choose(Service.OWN)
    assert desk.own.isVisible()


def test_a_half_typed_own_address_does_not_replace_the_old_one(qtbot: QtBot) -> None:
    desk = Desk(qtbot, Settings(own_address="https://api.example.com"))
    desk.choose(Service.OWN)
    desk.own.setText("https://")
    desk.choose(Service.INTERNATIONAL)
    assert desk.save().own_address == "https://api.example.com"


def test_the_data_folder_is_shown_whole_and_opening_it_is_asked_for(qtbot: QtBot) -> None:
    folder = "/home/anna/" + "a_folder_with_a_long_name_and_no_blank" * 6
    desk = Desk(qtbot, Settings(), folder)
    shown = named(desk.dialog, QTextEdit, "Data folder")
    assert shown.toPlainText() == folder
    assert shown.document().size().height() <= shown.viewport().height()
    with qtbot.waitSignal(desk.dialog.open_folder_requested):
        click(qtbot, button(desk.dialog, "Open the data folder"))
    assert desk.dialog.isVisible()


def test_every_control_has_a_label_or_a_name(desk: Desk) -> None:
    buddies = [label.buddy() for label in desk.dialog.findChildren(QLabel) if label.buddy()]
    for kind in (QSpinBox, QComboBox, QTextEdit):
        for control in desk.dialog.findChildren(kind):
            assert control in buddies
            assert control.accessibleName()
    assert desk.own in buddies


def test_the_keyboard_reaches_every_control_in_order(desk: Desk) -> None:
    desk.choose(Service.OWN)
    seen: list[QWidget] = []
    named(desk.dialog, QSpinBox, "Pictures at once").setFocus()
    while desk.dialog.focusWidget() not in seen:
        seen.append(desk.dialog.focusWidget())
        desk.qtbot.keyClick(desk.dialog.focusWidget(), Qt.Key.Key_Tab)
    names = [widget.accessibleName() or widget.property("text") for widget in seen]
    assert names == [
        "Pictures at once",
        "Service address",
        "Own address",
        "Look at links before uploading",
        "Use the ID of pictures already uploaded",
        "Data folder",
        "Open the data folder",
        "Cancel",
    ]
