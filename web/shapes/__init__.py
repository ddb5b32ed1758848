"""What each template is given. Views fill these; templates only lay them out.

Every template gets ``chrome`` (:class:`web.shapes.pieces.Chrome`) and ``page``:

=====================  ==================================================
Template               ``page``
=====================  ==================================================
sign_in.html           :class:`web.shapes.site.SignInPage`
notice.html            :class:`web.shapes.site.NoticePage`
accessibility.html     :class:`web.shapes.site.AccessibilityPage`
error.html             :class:`web.shapes.site.ErrorPage`
choose.html            :class:`web.shapes.site.ChoosePage`
alerts.html            :class:`web.shapes.alerts.AlertsPage`
alert.html             :class:`web.shapes.alerts.AlertPage`
person.html            :class:`web.shapes.person.PersonPage`
log_contact.html       :class:`web.shapes.person.LogContactPage`
contact_correct.html   :class:`web.shapes.person.ContactCorrectPage`
people.html            :class:`web.shapes.people.PeoplePage`
triage.html            :class:`web.shapes.people.TriagePage`
enrol_bulk.html        :class:`web.shapes.people.EnrolBulkPage`
simulator.html         :class:`web.shapes.simulator.SimulatorPage`
=====================  ==================================================

Dates, times and counts arrive as words (:mod:`web.formats`), addresses of pages as text, so that a
template knows no clock and no route. Text is escaped by the template, never before. Every form posts
``csrf_token``; a form that sends or changes something once also posts ``idempotency``. ``errors`` maps
a field's name to a sentence; a form with errors opens with a summary that links to each field.
"""
