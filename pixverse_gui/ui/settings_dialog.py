"""The settings dialog: one small page, saved as a whole."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pixverse_gui.core.errors import ServiceAddressError
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL, host_of, parse_service_address
from pixverse_gui.core.settings import MAX_UPLOADS_AT_ONCE, MIN_UPLOADS_AT_ONCE, Service, Settings
from pixverse_gui.ui import messages_dialogs as words
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.fitted_dialog import FittedDialog
from pixverse_gui.ui.messages_errors import message_for
from pixverse_gui.ui.plain_label import PlainLabel
from pixverse_gui.ui.visible_name import visible_name
from pixverse_gui.ui.wrapped_text import WrappedText

SPACING_PX = 8


class SettingsDialog(FittedDialog):
    """`settings_saved(Settings)`: what was chosen; an own address in it is normalised and agreed to.

    `data_folder` is only shown. Nothing is changed or read here: whoever listens does that. Made anew for each
    time; closing deletes it.
    """

    settings_saved = Signal(object)
    open_folder_requested = Signal()

    def __init__(self, settings: Settings, data_folder: str, parent: QWidget | None = None) -> None:
        super().__init__(words.SETTINGS_TITLE, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._used_host = host_of(settings.api_url)
        self._asked_for: str | None = None
        self._at_once = QSpinBox()
        self._look = QCheckBox(words.SETTINGS_LOOK)
        self._reuse = QCheckBox(words.SETTINGS_REUSE)
        self._service = QComboBox()
        self._own = QLineEdit()
        self._own_label = PlainLabel(words.SETTINGS_OWN)
        self._own_problem = PlainLabel(look="danger")
        self._new_host = PlainLabel()
        self._agree = QCheckBox()
        self._folder = WrappedText(visible_name(data_folder), name=words.SETTINGS_FOLDER)
        self._open = Button(words.OPEN)
        self._cancel = Button(words.CANCEL)
        self._save = Button(words.SAVE, kind=ButtonKind.PRIMARY)
        self._build()
        self._fill(settings)
        self._connect()
        self._address_changed()

    def _build(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(2 * SPACING_PX)
        form.setVerticalSpacing(SPACING_PX)
        form.setColumnStretch(1, 1)
        self._at_once.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._add_row(form, PlainLabel(words.SETTINGS_AT_ONCE), self._at_once)
        self._add_row(form, PlainLabel(words.SETTINGS_SERVICE), self._service)
        self._add_row(form, self._own_label, self._own)
        self.column.addWidget(PlainLabel(words.SETTINGS_TITLE, look="title"))
        self.column.addLayout(form)
        for widget in (self._own_problem, self._new_host, self._agree):
            self.column.addWidget(widget)
        self.column.addLayout(_explained(self._look, words.SETTINGS_LOOK_NOTE))
        self.column.addLayout(_explained(self._reuse, words.SETTINGS_REUSE_NOTE))
        self.column.addLayout(self._folder_row())
        self.column.addStretch(1)
        self.column.addLayout(self._steps())
        self._name_things()

    def _folder_row(self) -> QVBoxLayout:
        label = PlainLabel(words.SETTINGS_FOLDER)
        label.setBuddy(self._folder)
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        row.addWidget(self._folder, 1)
        row.addWidget(self._open)
        column = QVBoxLayout()
        column.setSpacing(SPACING_PX)
        column.addWidget(label)
        column.addLayout(row)
        return column

    def _steps(self) -> QHBoxLayout:
        steps = QHBoxLayout()
        steps.setSpacing(SPACING_PX)
        steps.addStretch(1)
        steps.addWidget(self._cancel)
        steps.addWidget(self._save)
        for button in (self._open, self._cancel, self._save):
            button.setAutoDefault(True)
        self._save.setDefault(True)
        return steps

    def _name_things(self) -> None:
        self._at_once.setRange(MIN_UPLOADS_AT_ONCE, MAX_UPLOADS_AT_ONCE)
        self._at_once.setAccessibleName(words.SETTINGS_AT_ONCE)
        self._service.setAccessibleName(words.SETTINGS_SERVICE)
        self._own.setAccessibleName(words.SETTINGS_OWN)
        self._own.setPlaceholderText(words.SETTINGS_OWN_PLACEHOLDER)
        self._open.setAccessibleName(words.SETTINGS_OPEN_FOLDER_NAME)
        self._own_problem.setWordWrap(True)
        self._new_host.setWordWrap(True)

    @staticmethod
    def _add_row(form: QGridLayout, label: PlainLabel, field: QWidget) -> None:
        label.setBuddy(field)
        row = form.rowCount()
        form.addWidget(label, row, 0)
        # Aligned, or the box of fixed width would hold back the whole column.
        is_narrow = field.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed
        form.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft if is_narrow else Qt.AlignmentFlag(0))

    def _fill(self, settings: Settings) -> None:
        international = words.settings_service(words.SETTINGS_SERVICE_INTERNATIONAL, host_of(INTERNATIONAL))
        self._service.addItem(international, Service.INTERNATIONAL)
        self._service.addItem(words.settings_service(words.SETTINGS_SERVICE_CHINA, host_of(CHINA)), Service.CHINA)
        self._service.addItem(words.SETTINGS_SERVICE_OWN, Service.OWN)
        self._service.setCurrentIndex(list(Service).index(settings.service))
        self._own.setText(settings.own_address)
        self._at_once.setValue(settings.uploads_at_once)
        self._look.setChecked(settings.look_at_links)
        self._reuse.setChecked(settings.reuse_ids)

    def _connect(self) -> None:
        self._service.currentIndexChanged.connect(self._address_changed)
        self._own.textChanged.connect(self._address_changed)
        self._agree.toggled.connect(self._allow_save)
        self._open.clicked.connect(self.open_folder_requested)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._save_all)

    @property
    def _chosen_service(self) -> Service:
        return Service(self._service.currentData())

    @staticmethod
    def _address_of(service: Service, own: str) -> str | None:
        """The address of a choice; None where the own one cannot be used."""
        fixed = {Service.INTERNATIONAL: INTERNATIONAL, Service.CHINA: CHINA}
        if service in fixed:
            return fixed[service]
        try:
            return parse_service_address(own)
        except ServiceAddressError:
            return None

    def _address_changed(self) -> None:
        own = self._chosen_service is Service.OWN
        self._own.setVisible(own)
        self._own_label.setVisible(own)
        self._say_own_problem(own)
        address = self._address_of(self._chosen_service, self._own.text())
        is_new = address is not None and not self._is_agreed(address)
        # An agreement is for one host: another one asks anew.
        if self._asked_for != address:
            self._asked_for = address
            self._agree.setChecked(False)
        if is_new and address is not None:
            self._new_host.setText(words.settings_new_host(host_of(address)))
            self._agree.setText(words.settings_agree(host_of(address)))
        self._new_host.setVisible(is_new)
        self._agree.setVisible(is_new)
        self._allow_save()

    def _say_own_problem(self, own: bool) -> None:
        problem = ""
        if own and self._own.text().strip():
            try:
                parse_service_address(self._own.text())
            except ServiceAddressError as error:
                problem = message_for(error).meaning
        self._own_problem.setText(problem)
        self._own_problem.setVisible(bool(problem))
        self._own.setAccessibleDescription(problem)

    def _allow_save(self) -> None:
        address = self._address_of(self._chosen_service, self._own.text())
        self._save.setEnabled(address is not None and (self._is_agreed(address) or self._agree.isChecked()))

    def _is_agreed(self, address: str) -> bool:
        """The host in use needs no question, nor does one that the operator has said yes to before."""
        host = host_of(address)
        return host == self._used_host or host in self._settings.approved_hosts

    def _save_all(self) -> None:
        own = self._own.text().strip()
        usable = self._address_of(Service.OWN, own)
        settings = replace(
            self._settings,
            uploads_at_once=self._at_once.value(),
            look_at_links=self._look.isChecked(),
            reuse_ids=self._reuse.isChecked(),
            service=self._chosen_service,
            own_address=usable if usable is not None else self._settings.own_address,
        )
        hosts = dict.fromkeys((*self._settings.approved_hosts, self._used_host, host_of(settings.api_url)))
        self.accept()
        self.settings_saved.emit(replace(settings, approved_hosts=tuple(hosts)))


def _explained(box: QCheckBox, note: str) -> QVBoxLayout:
    label = PlainLabel(note, look="muted")
    label.setWordWrap(True)
    box.setAccessibleDescription(note)
    column = QVBoxLayout()
    column.setSpacing(SPACING_PX // 2)
    column.addWidget(box)
    column.addWidget(label)
    return column
