//! Section C: polling by GET and POST.
